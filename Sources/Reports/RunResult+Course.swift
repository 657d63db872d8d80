extension RunResult {
  /// What happened while it ran, how it ended, and what it left.
  ///
  /// Its keys stand beside those of the other parts in `result.json`, spelled out so that renaming
  /// a property changes no file.
  public struct Course: Sendable, Hashable, Codable {
    /// `complete`, or `stopped` when the run ended early.
    public var status = ""
    /// Whether the same command gives the same bits on the same kernel of the matrix library:
    /// always in the simulator, and in a cluster where nobody goes on without waiting for the
    /// others.
    public var isRepeatable: Bool?
    /// Who had which examples and trained what when.
    public var arrangement = Arrangement()
    /// Mean total-variation distance of a node's label law to the global one, 0…1.
    public var spatialSkew: Double?
    /// By rule of `stream.order`: how far it would rank the tasks' order up, by its own measure.
    /// Empty where the tasks are in the order in which their stream makes them.
    public var orderScores: [String: Double] = [:]
    /// Mean absolute difference of the task index between nodes.
    public var stageSkew: Double?
    public var taskBoundaries: [Boundary] = []
    /// Accuracy of every task over time, boundaries included.
    public var curve: [Point] = []
    /// Training loss, sparse.
    public var losses: [Loss] = []
    public var diagnostics = Diagnostics()
    /// What a generator made at the final weights; `nil` without one.
    public var made: MadeImages?
    /// Sentences on what went wrong and what was done about it.
    public var faults: [String] = []
    /// 64 hexadecimal digits over the final weights as little-endian Float32.
    public var weightsSha256: String?
    /// 64 hexadecimal digits over the images and labels of the data set.
    public var dataSha256: String?

    /// Nothing known yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case status
      case isRepeatable = "repeatable"
      case arrangement
      case spatialSkew = "spatial_skew"
      case orderScores = "order_scores"
      case stageSkew = "stage_skew"
      case taskBoundaries = "task_boundaries"
      case curve
      case losses
      case diagnostics
      case made
      case faults
      case weightsSha256 = "weights_sha256"
      case dataSha256 = "data_sha256"
    }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(status, forKey: .status)
      try values.encode(isRepeatable, forKey: .isRepeatable)
      try values.encode(arrangement, forKey: .arrangement)
      try values.encodeNumber(spatialSkew, forKey: .spatialSkew)
      if !orderScores.isEmpty { try values.encode(orderScores, forKey: .orderScores) }
      try values.encodeNumber(stageSkew, forKey: .stageSkew)
      try values.encode(taskBoundaries, forKey: .taskBoundaries)
      try values.encode(curve, forKey: .curve)
      try values.encode(losses, forKey: .losses)
      try values.encode(diagnostics, forKey: .diagnostics)
      try values.encodeIfPresent(made, forKey: .made)
      try values.encode(faults, forKey: .faults)
      try values.encode(weightsSha256, forKey: .weightsSha256)
      try values.encode(dataSha256, forKey: .dataSha256)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      status = try values.decode(String.self, forKey: .status)
      isRepeatable = try values.decodeIfPresent(Bool.self, forKey: .isRepeatable)
      arrangement =
        try values.decodeIfPresent(Arrangement.self, forKey: .arrangement) ?? Arrangement()
      spatialSkew = try values.decodeIfPresent(Double.self, forKey: .spatialSkew)
      orderScores =
        try values.decodeIfPresent([String: Double].self, forKey: .orderScores) ?? [:]
      stageSkew = try values.decodeIfPresent(Double.self, forKey: .stageSkew)
      taskBoundaries = try values.decode([Boundary].self, forKey: .taskBoundaries)
      curve = try values.decode([Point].self, forKey: .curve)
      losses = try values.decode([Loss].self, forKey: .losses)
      diagnostics = try values.decode(Diagnostics.self, forKey: .diagnostics)
      made = try values.decodeIfPresent(MadeImages.self, forKey: .made)
      faults = try values.decode([String].self, forKey: .faults)
      weightsSha256 = try values.decodeIfPresent(String.self, forKey: .weightsSha256)
      dataSha256 = try values.decodeIfPresent(String.self, forKey: .dataSha256)
    }
  }
}
