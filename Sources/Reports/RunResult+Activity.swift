extension RunResult {
  /// What the steps of one stage did beside learning its labels: whether memory and earlier answers
  /// are at work.
  public struct Activity: Sendable, Hashable {
    /// The stage that was trained.
    public var task: String
    /// By class label, ascending: how many examples of finished tasks all workers had.
    public var memory: [ClassCount]
    /// By worker: how many of them it had.
    public var memoryByWorker: [Int]
    /// Examples of finished tasks that all workers together computed at a step.
    public var rehearsedPerStep: Double
    /// Examples that a generator made and all workers together computed at a step.
    public var generatedPerStep: Double
    /// Mean divergence from the earlier answers at the stage's first step, natural logarithm, of
    /// the worker where it was largest; `nil` where none are held on to.
    public var distanceAtStart: Double?
    /// That divergence at the last step.
    public var distance: Double?
    /// What a readout made of the scores of the stage's classes; `nil` if nothing.
    public var correction: Correction?

    /// Nothing came back.
    ///
    /// - Parameter task: The stage that was trained.
    public init(task: String) {
      self.task = task
      memory = []
      memoryByWorker = []
      rehearsedPerStep = 0
      generatedPerStep = 0
    }
  }

  /// The scores o of the classes that a stage has brought became αo + β.
  public struct Correction: Sendable, Hashable {
    /// α.
    public var scale: Double
    /// β.
    public var shift: Double
    /// Share of the test examples of earlier classes that were answered with one of the stage's
    /// before, 0…1; `nil` if there are none.
    public var takenBefore: Double?
    /// Share of them that are by the corrected scores, 0…1; `nil` if there are none.
    public var takenAfter: Double?

    /// - Parameters:
    ///   - scale: α.
    ///   - shift: β.
    ///   - takenBefore: Share of earlier classes' test examples that the stage's classes took.
    ///   - takenAfter: The same share by the corrected scores.
    public init(scale: Double, shift: Double, takenBefore: Double?, takenAfter: Double?) {
      self.scale = scale
      self.shift = shift
      self.takenBefore = takenBefore
      self.takenAfter = takenAfter
    }
  }

  /// How many examples there are of a class.
  public struct ClassCount: Sendable, Hashable, Codable {
    /// As the data set has it.
    public var label: Int
    public var count: Int

    /// - Parameters:
    ///   - label: As the data set has it.
    ///   - count: Examples of that class.
    public init(label: Int, count: Int) {
      self.label = label
      self.count = count
    }
  }

  /// Bytes that were kept when all was learned, because a method or its optimiser asks for them or
  /// as its weights. What codecs keep of what they left out, and workers' copies of the weights, is
  /// the transport's.
  public struct Kept: Sendable, Hashable, Codable {
    /// Over all workers: examples, weights whose answers are held on to or learned, moments of
    /// their own optimisers, and what they were told of a penalty.
    public var workers: Int
    /// Over all servers: weights, moments of the optimiser, and what goes with a penalty.
    public var servers: Int
    /// At the one coordinator: what a readout reads scores with.
    public var coordinator: Int

    /// - Parameters:
    ///   - workers: Over all workers.
    ///   - servers: Over all servers.
    ///   - coordinator: At the one coordinator.
    public init(workers: Int = 0, servers: Int = 0, coordinator: Int = 0) {
      self.workers = workers
      self.servers = servers
      self.coordinator = coordinator
    }

    /// All of them.
    public var total: Int { workers + servers + coordinator }
  }
}

extension RunResult.Activity: Codable {
  enum CodingKeys: String, CodingKey {
    case task, memory, distance, correction
    case memoryByWorker = "memory_by_worker"
    case rehearsedPerStep = "rehearsed_per_step"
    case generatedPerStep = "generated_per_step"
    case distanceAtStart = "distance_at_start"
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(task, forKey: .task)
    try values.encode(memory, forKey: .memory)
    try values.encode(memoryByWorker, forKey: .memoryByWorker)
    try values.encodeNumber(rehearsedPerStep, forKey: .rehearsedPerStep)
    try values.encodeNumber(generatedPerStep, forKey: .generatedPerStep)
    try values.encodeNumber(distanceAtStart, forKey: .distanceAtStart)
    try values.encodeNumber(distance, forKey: .distance)
    try values.encodeIfPresent(correction, forKey: .correction)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(task: try values.decode(String.self, forKey: .task))
    memory = try values.decode([RunResult.ClassCount].self, forKey: .memory)
    memoryByWorker = try values.decode([Int].self, forKey: .memoryByWorker)
    rehearsedPerStep = try values.decodeNumber(forKey: .rehearsedPerStep)
    generatedPerStep =
      try values.decodeIfPresent(Double.self, forKey: .generatedPerStep) ?? 0
    distanceAtStart = try values.decodeIfPresent(Double.self, forKey: .distanceAtStart)
    distance = try values.decodeIfPresent(Double.self, forKey: .distance)
    correction = try values.decodeIfPresent(RunResult.Correction.self, forKey: .correction)
  }
}

extension RunResult.Correction: Codable {
  enum CodingKeys: String, CodingKey {
    case scale, shift
    case takenBefore = "taken_before"
    case takenAfter = "taken_after"
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(scale, forKey: .scale)
    try values.encodeNumber(shift, forKey: .shift)
    try values.encodeNumber(takenBefore, forKey: .takenBefore)
    try values.encodeNumber(takenAfter, forKey: .takenAfter)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      scale: try values.decodeNumber(forKey: .scale),
      shift: try values.decodeNumber(forKey: .shift),
      takenBefore: try values.decodeIfPresent(Double.self, forKey: .takenBefore),
      takenAfter: try values.decodeIfPresent(Double.self, forKey: .takenAfter))
  }
}
