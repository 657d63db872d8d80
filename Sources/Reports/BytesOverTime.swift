extension RunResult {
  /// How the framed bytes of each kind added up over a run. All kinds have the same bins.
  public struct BytesOverTime: Sendable, Hashable, Codable {
    /// How many of a worker's round trips a bin holds; 0 where nothing was recorded.
    public var roundWidth = 0
    /// Framed bytes from the run's beginning to the end of each bin.
    public var push: [Int] = []
    public var pull: [Int] = []
    public var importance: [Int] = []
    public var control: [Int] = []
    public var evaluation: [Int] = []

    /// Nothing recorded.
    public init() {}

    /// - Parameters:
    ///   - roundWidth: Round trips in a bin.
    ///   - push, pull, importance, control, evaluation: Framed bytes up to the end of each bin.
    public init(
      roundWidth: Int, push: [Int], pull: [Int], importance: [Int], control: [Int],
      evaluation: [Int]
    ) {
      self.roundWidth = roundWidth
      self.push = push
      self.pull = pull
      self.importance = importance
      self.control = control
      self.evaluation = evaluation
    }

    enum CodingKeys: String, CodingKey {
      case roundWidth = "round_width"
      case push, pull, importance, control, evaluation
    }

    /// The kinds with their names, in the order of ``Communication/kinds``.
    public var kinds: [(name: String, bytes: [Int])] {
      [
        ("push", push), ("pull", pull), ("importance", importance), ("control", control),
        ("evaluation", evaluation),
      ]
    }

    /// What does not fit together in it, `nil` if all does.
    var flaw: String? {
      if kinds.contains(where: { $0.bytes.count != push.count }) {
        return "has communication.over_time with kinds of different lengths"
      }
      if roundWidth < (push.isEmpty ? 0 : 1) {
        return "has communication.over_time.round_width \(roundWidth), which holds no round"
      }
      return nil
    }
  }
}
