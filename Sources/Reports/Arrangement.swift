extension RunResult {
  /// Who had which examples, and who trained what when.
  public struct Arrangement: Sendable, Hashable, Codable {
    /// `placement[node][class][task]`: training examples.
    public var placement: [[[Int]]] = []
    /// 64 hexadecimal digits over the table, each count as a little-endian 64-bit number.
    public var placementSha256: String?
    /// By node: what it trained, from step to step.
    public var timeline: [[Segment]] = []
    /// Columns of the matrix in the order in which the tasks were completed.
    public var taskOrder: [Int] = []
    /// Pushes that came too late to be applied (backup workers).
    public var latePushes = 0

    /// Unknown.
    public init() {}

    /// Some steps of one node.
    public struct Segment: Sendable, Hashable, Codable {
      /// The stage's name.
      public var task: String
      /// The stage's place in the stream, from 0.
      public var stage: Int
      /// Whole steps of the run.
      public var start: Int
      public var end: Int

      /// - Parameters:
      ///   - task: Its name.
      ///   - stage: 0-based number of the stage that has it.
      ///   - start: First of the run's whole steps in it.
      ///   - end: The whole step after its last one.
      public init(task: String, stage: Int, start: Int, end: Int) {
        self.task = task
        self.stage = stage
        self.start = start
        self.end = end
      }
    }

    enum CodingKeys: String, CodingKey {
      case placement, timeline
      case placementSha256 = "placement_sha256"
      case taskOrder = "task_order"
      case latePushes = "late_pushes"
    }
  }
}
