extension RunResult {
  /// Bytes by kind, both directions.
  public struct Communication: Sendable, Hashable, Codable {
    public var push = Bytes()
    public var pull = Bytes()
    public var importance = Bytes()
    public var control = Bytes()
    /// What was sent only so that somebody could measure.
    public var evaluation = Bytes()
    /// All bytes by task and kind, in the order of ``TaskBytes/sorted(_:tasks:)``.
    public var byTask: [TaskBytes] = []
    /// All bytes as they added up.
    public var overTime = BytesOverTime()

    /// Nothing sent.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case push, pull, importance, control, evaluation
      case byTask = "by_task"
      case overTime = "over_time"
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      push = try values.decode(Bytes.self, forKey: .push)
      pull = try values.decode(Bytes.self, forKey: .pull)
      importance = try values.decode(Bytes.self, forKey: .importance)
      control = try values.decode(Bytes.self, forKey: .control)
      evaluation = try values.decodeIfPresent(Bytes.self, forKey: .evaluation) ?? Bytes()
      byTask = try values.decodeIfPresent([TaskBytes].self, forKey: .byTask) ?? []
      overTime =
        try values.decodeIfPresent(BytesOverTime.self, forKey: .overTime) ?? BytesOverTime()
    }

    /// The kinds with their names.
    public var kinds: [(name: String, bytes: Bytes)] {
      [
        ("push", push), ("pull", pull), ("importance", importance), ("control", control),
        ("evaluation", evaluation),
      ]
    }

    /// Framed bytes that the method needs: all but those sent only to be measured.
    public var trainingBytes: Int { framedBytes - evaluation.framedBytes }

    /// All framed bytes.
    public var framedBytes: Int { kinds.reduce(0) { $0 + $1.bytes.framedBytes } }

    /// All messages.
    public var messages: Int { kinds.reduce(0) { $0 + $1.bytes.messages } }
  }

  /// Bytes and messages.
  public struct Bytes: Sendable, Hashable, Codable {
    /// Payload frames only.
    public var payloadBytes = 0
    /// All frames with their framing, as they crossed the sockets after the handshake.
    public var framedBytes = 0
    /// The fewest bytes that any code could say the same in, by its entropy; 0 where unknown.
    public var boundBytes = 0.0
    public var messages = 0

    /// - Parameters:
    ///   - payloadBytes: Of payload frames only.
    ///   - framedBytes: Of all frames with their framing.
    ///   - boundBytes: The fewest that any code could take; 0 where unknown.
    ///   - messages: Their number.
    public init(
      payloadBytes: Int = 0, framedBytes: Int = 0, boundBytes: Double = 0, messages: Int = 0
    ) {
      self.payloadBytes = payloadBytes
      self.framedBytes = framedBytes
      self.boundBytes = boundBytes
      self.messages = messages
    }

    enum CodingKeys: String, CodingKey {
      case payloadBytes = "payload_bytes"
      case framedBytes = "framed_bytes"
      case boundBytes = "bound_bytes"
      case messages
    }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(payloadBytes, forKey: .payloadBytes)
      try values.encode(framedBytes, forKey: .framedBytes)
      try values.encode(finite(boundBytes) ?? 0, forKey: .boundBytes)
      try values.encode(messages, forKey: .messages)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      payloadBytes = try values.decode(Int.self, forKey: .payloadBytes)
      framedBytes = try values.decode(Int.self, forKey: .framedBytes)
      boundBytes = try values.decodeIfPresent(Double.self, forKey: .boundBytes) ?? 0
      messages = try values.decode(Int.self, forKey: .messages)
    }

    /// Framed bytes for each byte of the bound; `nil` where it is unknown.
    var overBound: Double? { boundBytes > 0 ? Double(framedBytes) / boundBytes : nil }

    /// Both together; the bound of a sum with an unknown part is unknown.
    static func + (a: Bytes, b: Bytes) -> Bytes {
      let isKnown = [a, b].allSatisfy { $0.boundBytes > 0 || $0.messages == 0 }
      return Bytes(
        payloadBytes: a.payloadBytes + b.payloadBytes, framedBytes: a.framedBytes + b.framedBytes,
        boundBytes: isKnown ? a.boundBytes + b.boundBytes : 0, messages: a.messages + b.messages)
    }
  }

  /// What one node sent another of one kind.
  public struct Link: Sendable, Hashable, Codable {
    public var from: String
    public var to: String
    public var kind: String
    /// By name; `nil` for messages that belong to no task.
    public var task: String?
    /// What was counted; its keys stand beside the others in a result file.
    public var bytes: Bytes

    /// - Parameters:
    ///   - from: The sender, `worker 0`.
    ///   - to: The receiver.
    ///   - kind: As the ledger names it: `push`, `pull`, …
    ///   - task: By name; `nil` for messages that belong to no task.
    ///   - bytes: What was counted.
    public init(from: String, to: String, kind: String, task: String? = nil, bytes: Bytes) {
      self.from = from
      self.to = to
      self.kind = kind
      self.task = task
      self.bytes = bytes
    }

    enum CodingKeys: String, CodingKey { case from, to, kind, task }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(from, forKey: .from)
      try values.encode(to, forKey: .to)
      try values.encode(kind, forKey: .kind)
      try values.encode(task, forKey: .task)
      try bytes.encode(to: encoder)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        from: try values.decode(String.self, forKey: .from),
        to: try values.decode(String.self, forKey: .to),
        kind: try values.decode(String.self, forKey: .kind),
        task: try values.decodeIfPresent(String.self, forKey: .task),
        bytes: try Bytes(from: decoder))
    }
  }
}
