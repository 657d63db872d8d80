extension RunResult.Worker: Codable {
  enum CodingKeys: String, CodingKey {
    case rank, tasks, matrix, accuracy, forgetting
    case backwardTransfer = "backward_transfer"
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(rank, forKey: .rank)
    try values.encode(tasks, forKey: .tasks)
    try values.encode(finite(matrix), forKey: .matrix)
    try values.encodeNumber(accuracy, forKey: .accuracy)
    try values.encodeNumber(backwardTransfer, forKey: .backwardTransfer)
    try values.encodeNumber(forgetting, forKey: .forgetting)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      rank: try values.decode(Int.self, forKey: .rank),
      tasks: try values.decode([String].self, forKey: .tasks),
      matrix: try values.decode([[Double?]].self, forKey: .matrix),
      accuracy: try values.decodeIfPresent(Double.self, forKey: .accuracy),
      backwardTransfer: try values.decodeIfPresent(Double.self, forKey: .backwardTransfer),
      forgetting: try values.decodeIfPresent(Double.self, forKey: .forgetting))
  }
}

extension RunResult.Staleness: Codable {
  enum CodingKeys: String, CodingKey { case mean, max, histogram }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(mean, forKey: .mean)
    try values.encode(max, forKey: .max)
    try values.encode(histogram, forKey: .histogram)
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    mean = try values.decodeIfPresent(Double.self, forKey: .mean)
    max = try values.decodeIfPresent(Int.self, forKey: .max)
    histogram = try values.decodeIfPresent([Int].self, forKey: .histogram) ?? []
  }
}

extension RunResult.Phases: Codable {
  enum CodingKeys: String, CodingKey { case train, importance, evaluate, wait }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(train, forKey: .train)
    try values.encodeNumber(importance, forKey: .importance)
    try values.encodeNumber(evaluate, forKey: .evaluate)
    try values.encodeNumber(wait, forKey: .wait)
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    train = try values.decodeNumber(forKey: .train)
    importance = try values.decodeNumber(forKey: .importance)
    evaluate = try values.decodeNumber(forKey: .evaluate)
    wait = try values.decodeNumber(forKey: .wait)
  }
}

extension RunResult.Node: Codable {
  enum CodingKeys: String, CodingKey {
    case node, utilisation
    case busySeconds = "busy_seconds"
    case waitingSeconds = "waiting_seconds"
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(node, forKey: .node)
    try values.encodeNumber(busySeconds, forKey: .busySeconds)
    try values.encodeNumber(waitingSeconds, forKey: .waitingSeconds)
    try values.encodeNumber(utilisation, forKey: .utilisation)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      node: try values.decode(String.self, forKey: .node),
      busySeconds: try values.decodeNumber(forKey: .busySeconds),
      waitingSeconds: try values.decodeNumber(forKey: .waitingSeconds))
  }
}

extension RunResult.Point {
  enum CodingKeys: String, CodingKey { case step, version, accuracies, seconds }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(step, forKey: .step)
    try values.encode(version, forKey: .version)
    try values.encode(finite(accuracies), forKey: .accuracies)
    try values.encodeNumber(seconds, forKey: .seconds)
  }
}

extension RunResult.Loss: Codable {
  enum CodingKeys: String, CodingKey { case step, loss }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(step, forKey: .step)
    try values.encodeNumber(loss, forKey: .loss)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      step: try values.decode(Int.self, forKey: .step),
      loss: try values.decodeNumber(forKey: .loss))
  }
}
