extension RunResult {
  /// The matrix R, and what is derived from it.
  ///
  /// Its keys stand beside those of the other parts in `result.json`, spelled out so that renaming
  /// a property changes no file.
  public struct Scores: Sendable, Hashable, Codable {
    /// (T+1) × T fractions in 0…1; row 0 is the untrained network.
    public var matrix: [[Double?]] = []
    /// ACC in 0…1, Lopez-Paz & Ranzato 2017.
    public var accuracy: Double?
    /// BWT over T−1, Lopez-Paz & Ranzato 2017.
    public var backwardTransfer: Double?
    /// BWT with its sum over T, as the published code of GEM has it.
    public var backwardTransferOverT: Double?
    /// FWT over T−1, Lopez-Paz & Ranzato 2017.
    public var forwardTransfer: Double?
    /// Chaudhry et al. 2018.
    public var forgetting: Double?
    /// Riemer et al. 2019: mean of the diagonal.
    public var learningAccuracy: Double?
    /// Chaudhry et al. 2018; needs a joint run of the same experiment.
    public var intransigence: Double?
    /// Accuracy of guessing, in 0…1.
    public var chance: Double?
    /// Tasks whose final accuracy is not above guessing.
    public var tasksAtChance: [String] = []
    public var perWorker: [Worker] = []
    /// Mean accuracy over time on the tasks finished so far, Caccia et al. 2022.
    public var anytimeAccuracy: Double?
    /// Mean over tasks of the lowest accuracy after the task was learned, De Lange et al. 2023.
    public var minimumAccuracy: Double?
    /// Between the nodes' own ACC, the largest minus the smallest.
    public var disagreement: Double?

    /// Nothing known yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case matrix
      case accuracy
      case backwardTransfer = "backward_transfer"
      case backwardTransferOverT = "backward_transfer_over_t"
      case forwardTransfer = "forward_transfer"
      case forgetting
      case learningAccuracy = "learning_accuracy"
      case intransigence
      case chance
      case tasksAtChance = "tasks_at_chance"
      case perWorker = "per_worker"
      case anytimeAccuracy = "anytime_accuracy"
      case minimumAccuracy = "minimum_accuracy"
      case disagreement
    }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(finite(matrix), forKey: .matrix)
      try values.encodeNumber(accuracy, forKey: .accuracy)
      try values.encodeNumber(backwardTransfer, forKey: .backwardTransfer)
      try values.encodeNumber(backwardTransferOverT, forKey: .backwardTransferOverT)
      try values.encodeNumber(forwardTransfer, forKey: .forwardTransfer)
      try values.encodeNumber(forgetting, forKey: .forgetting)
      try values.encodeNumber(learningAccuracy, forKey: .learningAccuracy)
      try values.encodeNumber(intransigence, forKey: .intransigence)
      try values.encodeNumber(chance, forKey: .chance)
      try values.encode(tasksAtChance, forKey: .tasksAtChance)
      try values.encode(perWorker, forKey: .perWorker)
      try values.encodeNumber(anytimeAccuracy, forKey: .anytimeAccuracy)
      try values.encodeNumber(minimumAccuracy, forKey: .minimumAccuracy)
      try values.encodeNumber(disagreement, forKey: .disagreement)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      matrix = try values.decode([[Double?]].self, forKey: .matrix)
      accuracy = try values.decodeIfPresent(Double.self, forKey: .accuracy)
      backwardTransfer = try values.decodeIfPresent(Double.self, forKey: .backwardTransfer)
      backwardTransferOverT = try values.decodeIfPresent(
        Double.self, forKey: .backwardTransferOverT)
      forwardTransfer = try values.decodeIfPresent(Double.self, forKey: .forwardTransfer)
      forgetting = try values.decodeIfPresent(Double.self, forKey: .forgetting)
      learningAccuracy = try values.decodeIfPresent(Double.self, forKey: .learningAccuracy)
      intransigence = try values.decodeIfPresent(Double.self, forKey: .intransigence)
      chance = try values.decodeIfPresent(Double.self, forKey: .chance)
      tasksAtChance = try values.decode([String].self, forKey: .tasksAtChance)
      perWorker = try values.decode([Worker].self, forKey: .perWorker)
      anytimeAccuracy = try values.decodeIfPresent(Double.self, forKey: .anytimeAccuracy)
      minimumAccuracy = try values.decodeIfPresent(Double.self, forKey: .minimumAccuracy)
      disagreement = try values.decodeIfPresent(Double.self, forKey: .disagreement)
    }
  }
}
