/// `result.json` has the keys below, spelled out so that renaming a property changes no file.
extension RunResult: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case schema, name, seed, method, role, scenario, workers, servers, consistency, mode, status
    case methodTitle = "method_title"
    case taskNames = "task_names"
    case classLabels = "class_labels"
    case matrix, accuracy
    case backwardTransfer = "backward_transfer"
    case backwardTransferOverT = "backward_transfer_over_t"
    case forwardTransfer = "forward_transfer"
    case forgetting
    case learningAccuracy = "learning_accuracy"
    case intransigence, chance
    case tasksAtChance = "tasks_at_chance"
    case perWorker = "per_worker"
    case anytimeAccuracy = "anytime_accuracy"
    case minimumAccuracy = "minimum_accuracy"
    case disagreement, arrangement
    case communication, links, steps, examples
    case wallSeconds = "wall_seconds"
    case virtualSeconds = "virtual_seconds"
    case stepsPerSecond = "steps_per_second"
    case phases, nodes
    case timeToAccuracy = "time_to_accuracy"
    case weightsSha256 = "weights_sha256"
    case dataSha256 = "data_sha256"
    case isRepeatable = "repeatable"
    case staleness
    case spatialSkew = "spatial_skew"
    case stageSkew = "stage_skew"
    case taskBoundaries = "task_boundaries"
    case curve, losses, diagnostics, faults, command, experiment, provenance
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try encodeSetting(into: &values)
    try encodeFigures(into: &values)
    try encodeWork(into: &values)
    try encodeCourse(into: &values)
  }

  private func encodeSetting(into values: inout KeyedEncodingContainer<CodingKeys>) throws {
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
    try values.encode(status, forKey: .status)
    try values.encode(taskNames, forKey: .taskNames)
    try values.encode(classLabels, forKey: .classLabels)
    try values.encode(command, forKey: .command)
    try values.encode(experiment, forKey: .experiment)
    try values.encode(provenance, forKey: .provenance)
  }

  private func encodeFigures(into values: inout KeyedEncodingContainer<CodingKeys>) throws {
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

  private func encodeWork(into values: inout KeyedEncodingContainer<CodingKeys>) throws {
    try values.encode(communication, forKey: .communication)
    try values.encode(links, forKey: .links)
    try values.encode(steps, forKey: .steps)
    try values.encode(examples, forKey: .examples)
    try values.encodeNumber(wallSeconds, forKey: .wallSeconds)
    try values.encodeNumber(virtualSeconds, forKey: .virtualSeconds)
    try values.encodeNumber(stepsPerSecond, forKey: .stepsPerSecond)
    try values.encode(phases, forKey: .phases)
    try values.encode(nodes, forKey: .nodes)
    try values.encode(timeToAccuracy, forKey: .timeToAccuracy)
    try values.encode(weightsSha256, forKey: .weightsSha256)
    try values.encode(dataSha256, forKey: .dataSha256)
    try values.encode(isRepeatable, forKey: .isRepeatable)
    try values.encode(staleness, forKey: .staleness)
    try values.encodeNumber(spatialSkew, forKey: .spatialSkew)
    try values.encodeNumber(stageSkew, forKey: .stageSkew)
  }

  private func encodeCourse(into values: inout KeyedEncodingContainer<CodingKeys>) throws {
    try values.encode(arrangement, forKey: .arrangement)
    try values.encode(taskBoundaries, forKey: .taskBoundaries)
    try values.encode(curve, forKey: .curve)
    try values.encode(losses, forKey: .losses)
    try values.encode(diagnostics, forKey: .diagnostics)
    try values.encode(faults, forKey: .faults)
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    schema = try values.decode(Int.self, forKey: .schema)
    name = try values.decode(String.self, forKey: .name)
    seed = try values.decode(UInt64.self, forKey: .seed)
    method = try values.decode(String.self, forKey: .method)
    methodTitle =
      try values.decodeIfPresent(String.self, forKey: .methodTitle) ?? Self.title(named: method)
    role = try values.decodeIfPresent(Role.self, forKey: .role) ?? Role(named: method)
    scenario = try values.decode(String.self, forKey: .scenario)
    workers = try values.decode(Int.self, forKey: .workers)
    servers = try values.decode(Int.self, forKey: .servers)
    consistency = try values.decode(String.self, forKey: .consistency)
    mode = try values.decode(String.self, forKey: .mode)
    status = try values.decode(String.self, forKey: .status)
    taskNames = try values.decode([String].self, forKey: .taskNames)
    classLabels = try values.decodeIfPresent([Int].self, forKey: .classLabels) ?? []
    command = try values.decode(String.self, forKey: .command)
    experiment = try values.decode(String.self, forKey: .experiment)
    provenance = try values.decodeIfPresent(Provenance.self, forKey: .provenance)
    try decodeFigures(from: values)
    try decodeWork(from: values)
    arrangement =
      try values.decodeIfPresent(Arrangement.self, forKey: .arrangement) ?? Arrangement()
    taskBoundaries = try values.decode([Boundary].self, forKey: .taskBoundaries)
    curve = try values.decode([Point].self, forKey: .curve)
    losses = try values.decode([Loss].self, forKey: .losses)
    diagnostics = try values.decode(Diagnostics.self, forKey: .diagnostics)
    faults = try values.decode([String].self, forKey: .faults)
  }

  private mutating func decodeFigures(from values: KeyedDecodingContainer<CodingKeys>) throws {
    matrix = try values.decode([[Double?]].self, forKey: .matrix)
    accuracy = try values.decodeIfPresent(Double.self, forKey: .accuracy)
    backwardTransfer = try values.decodeIfPresent(Double.self, forKey: .backwardTransfer)
    backwardTransferOverT = try values.decodeIfPresent(Double.self, forKey: .backwardTransferOverT)
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

  private mutating func decodeWork(from values: KeyedDecodingContainer<CodingKeys>) throws {
    communication = try values.decode(Communication.self, forKey: .communication)
    links = try values.decode([Link].self, forKey: .links)
    steps = try values.decode(Int.self, forKey: .steps)
    examples = try values.decode(Int.self, forKey: .examples)
    wallSeconds = try values.decodeNumber(forKey: .wallSeconds)
    virtualSeconds = try values.decodeIfPresent(Double.self, forKey: .virtualSeconds)
    stepsPerSecond = try values.decodeIfPresent(Double.self, forKey: .stepsPerSecond)
    phases = try values.decode(Phases.self, forKey: .phases)
    nodes = try values.decodeIfPresent([Node].self, forKey: .nodes) ?? []
    timeToAccuracy =
      try values.decodeIfPresent([Milestone].self, forKey: .timeToAccuracy) ?? []
    weightsSha256 = try values.decodeIfPresent(String.self, forKey: .weightsSha256)
    dataSha256 = try values.decodeIfPresent(String.self, forKey: .dataSha256)
    isRepeatable = try values.decodeIfPresent(Bool.self, forKey: .isRepeatable)
    staleness = try values.decode(Staleness.self, forKey: .staleness)
    spatialSkew = try values.decodeIfPresent(Double.self, forKey: .spatialSkew)
    stageSkew = try values.decodeIfPresent(Double.self, forKey: .stageSkew)
  }
}
