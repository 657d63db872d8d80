extension RunResult {
  /// What was run, and with what.
  ///
  /// Its keys stand beside those of the other parts in `result.json`, spelled out so that renaming
  /// a property changes no file.
  public struct Identity: Sendable, Hashable, Codable {
    /// Layout of this file; always 1 here.
    public var schema = 1
    /// Name of the experiment, as its author wrote it.
    public var name = ""
    public var seed: UInt64 = 0
    /// `none`, `ewc`, `online ewc`, `joint`, …
    public var method = ""
    /// As a paper writes it: `Online EWC`.
    public var methodTitle = ""
    /// What it is for among other runs.
    public var role = Role.method
    /// `task`, `domain` or `class`.
    public var scenario = ""
    public var workers = 0
    public var servers = 0
    /// `bsp`, `ssp`, `asp` or `local`.
    public var consistency = ""
    /// `cluster` or `simulation`.
    public var mode = ""
    /// One name for each column of the matrix.
    public var taskNames: [String] = []
    /// The data set's own label for each class, ascending; empty where it was not recorded.
    public var classLabels: [Int] = []
    /// The exact command to repeat the run.
    public var command = ""
    /// The resolved experiment as YAML.
    public var experiment = ""
    /// What it was made with.
    public var provenance: Provenance?

    /// Nothing known yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case schema
      case name
      case seed
      case method
      case methodTitle = "method_title"
      case role
      case scenario
      case workers
      case servers
      case consistency
      case mode
      case taskNames = "task_names"
      case classLabels = "class_labels"
      case command
      case experiment
      case provenance
    }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(schema, forKey: .schema)
      try values.encode(name, forKey: .name)
      try values.encode(seed, forKey: .seed)
      try values.encode(method, forKey: .method)
      try values.encode(methodTitle, forKey: .methodTitle)
      try values.encode(role, forKey: .role)
      try values.encode(scenario, forKey: .scenario)
      try values.encode(workers, forKey: .workers)
      try values.encode(servers, forKey: .servers)
      try values.encode(consistency, forKey: .consistency)
      try values.encode(mode, forKey: .mode)
      try values.encode(taskNames, forKey: .taskNames)
      try values.encode(classLabels, forKey: .classLabels)
      try values.encode(command, forKey: .command)
      try values.encode(experiment, forKey: .experiment)
      try values.encode(provenance, forKey: .provenance)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      schema = try values.decode(Int.self, forKey: .schema)
      name = try values.decode(String.self, forKey: .name)
      seed = try values.decode(UInt64.self, forKey: .seed)
      method = try values.decode(String.self, forKey: .method)
      methodTitle =
        try values.decodeIfPresent(String.self, forKey: .methodTitle)
        ?? RunResult.title(named: method)
      role = try values.decodeIfPresent(Role.self, forKey: .role) ?? Role(named: method)
      scenario = try values.decode(String.self, forKey: .scenario)
      workers = try values.decode(Int.self, forKey: .workers)
      servers = try values.decode(Int.self, forKey: .servers)
      consistency = try values.decode(String.self, forKey: .consistency)
      mode = try values.decode(String.self, forKey: .mode)
      taskNames = try values.decode([String].self, forKey: .taskNames)
      classLabels = try values.decodeIfPresent([Int].self, forKey: .classLabels) ?? []
      command = try values.decode(String.self, forKey: .command)
      experiment = try values.decode(String.self, forKey: .experiment)
      provenance = try values.decodeIfPresent(Provenance.self, forKey: .provenance)
    }
  }
}
