extension RunResult {
  /// What was sent of one kind while one task was at hand.
  public struct TaskBytes: Sendable, Hashable, Codable {
    /// By name; `nil` for messages that belong to no task.
    public var task: String?
    /// `push`, `pull`, `importance`, `control` or `evaluation`.
    public var kind: String
    /// What was counted; its keys stand beside the others in a result file.
    public var bytes: Bytes

    /// - Parameters:
    ///   - task: By name; `nil` for messages that belong to no task.
    ///   - kind: As the ledger names it: `push`, `pull`, …
    ///   - bytes: What was counted.
    public init(task: String?, kind: String, bytes: Bytes) {
      self.task = task
      self.kind = kind
      self.bytes = bytes
    }

    /// By task in the order in which tasks are named, then by kind in the order of
    /// ``Communication/kinds``. What belongs to no task, or to one of another name, comes last.
    public static func sorted(_ entries: [TaskBytes], tasks: [String]) -> [TaskBytes] {
      let kinds = Communication().kinds.map(\.name)
      func order(_ entry: TaskBytes) -> (Int, String, Int, String) {
        let place = entry.task.map { tasks.firstIndex(of: $0) ?? tasks.count } ?? tasks.count + 1
        return (
          place, entry.task ?? "", kinds.firstIndex(of: entry.kind) ?? kinds.count, entry.kind
        )
      }
      return entries.sorted { order($0) < order($1) }
    }

    enum CodingKeys: String, CodingKey { case task, kind }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(task, forKey: .task)
      try values.encode(kind, forKey: .kind)
      try bytes.encode(to: encoder)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        task: try values.decodeIfPresent(String.self, forKey: .task),
        kind: try values.decode(String.self, forKey: .kind), bytes: try Bytes(from: decoder))
    }
  }
}
