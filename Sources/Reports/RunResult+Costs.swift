extension RunResult {
  /// What it took: bytes, steps, time.
  ///
  /// Its keys stand beside those of the other parts in `result.json`, spelled out so that renaming
  /// a property changes no file.
  public struct Costs: Sendable, Hashable, Codable {
    public var communication = Communication()
    /// Bytes by link, one entry for each direction and kind.
    public var links: [Link] = []
    /// Steps of the run, each one a push of every worker.
    public var steps = 0
    /// Training examples whose gradients all workers together computed, those that came back too.
    public var examples = 0
    /// What was kept when all was learned; `nil` in results of earlier versions.
    public var kept: Kept?
    /// Examples that were worked on, by what for; `nil` in results of earlier versions.
    public var work: Work?
    public var wallSeconds = 0.0
    /// Time on the simulator's clock; `nil` for a cluster of processes, and where the clock is
    /// free.
    public var virtualSeconds: Double?
    /// Steps by the time between opening and closing of tasks.
    public var stepsPerSecond: Double?
    /// Seconds summed over the workers.
    public var phases = Phases()
    /// Workers, then servers.
    public var nodes: [Node] = []
    /// When the mean accuracy over all tasks first reached 0.05, 0.10 … 0.95, as far as it did.
    public var timeToAccuracy: [Milestone] = []
    public var staleness = Staleness()

    /// Nothing known yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case communication
      case links
      case steps
      case examples
      case kept
      case work
      case wallSeconds = "wall_seconds"
      case virtualSeconds = "virtual_seconds"
      case stepsPerSecond = "steps_per_second"
      case phases
      case nodes
      case timeToAccuracy = "time_to_accuracy"
      case staleness
    }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(communication, forKey: .communication)
      try values.encode(links, forKey: .links)
      try values.encode(steps, forKey: .steps)
      try values.encode(examples, forKey: .examples)
      try values.encode(kept, forKey: .kept)
      try values.encode(work, forKey: .work)
      try values.encodeNumber(wallSeconds, forKey: .wallSeconds)
      try values.encodeNumber(virtualSeconds, forKey: .virtualSeconds)
      try values.encodeNumber(stepsPerSecond, forKey: .stepsPerSecond)
      try values.encode(phases, forKey: .phases)
      try values.encode(nodes, forKey: .nodes)
      try values.encode(timeToAccuracy, forKey: .timeToAccuracy)
      try values.encode(staleness, forKey: .staleness)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      communication = try values.decode(Communication.self, forKey: .communication)
      links = try values.decode([Link].self, forKey: .links)
      steps = try values.decode(Int.self, forKey: .steps)
      examples = try values.decode(Int.self, forKey: .examples)
      kept = try values.decodeIfPresent(Kept.self, forKey: .kept)
      work = try values.decodeIfPresent(Work.self, forKey: .work)
      wallSeconds = try values.decodeNumber(forKey: .wallSeconds)
      virtualSeconds = try values.decodeIfPresent(Double.self, forKey: .virtualSeconds)
      stepsPerSecond = try values.decodeIfPresent(Double.self, forKey: .stepsPerSecond)
      phases = try values.decode(Phases.self, forKey: .phases)
      nodes = try values.decodeIfPresent([Node].self, forKey: .nodes) ?? []
      timeToAccuracy = try values.decodeIfPresent([Milestone].self, forKey: .timeToAccuracy) ?? []
      staleness = try values.decode(Staleness.self, forKey: .staleness)
    }
  }
}
