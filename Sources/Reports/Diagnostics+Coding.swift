extension RunResult.Diagnostics: Codable {
  enum CodingKeys: String, CodingKey {
    case strength, form, boundaries, projection, activity
    case divergingCoordinates = "diverging_coordinates"
    case refusedMessages = "refused_messages"
    case duplicatePushes = "duplicate_pushes"
    case notes
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(strength, forKey: .strength)
    try values.encode(form, forKey: .form)
    try values.encode(boundaries, forKey: .boundaries)
    try values.encode(activity, forKey: .activity)
    try values.encode(divergingCoordinates, forKey: .divergingCoordinates)
    try values.encodeIfPresent(projection, forKey: .projection)
    try values.encode(refusedMessages, forKey: .refusedMessages)
    try values.encode(duplicatePushes, forKey: .duplicatePushes)
    try values.encode(notes, forKey: .notes)
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    strength = try values.decodeNumber(forKey: .strength)
    form = try values.decode(String.self, forKey: .form)
    boundaries = try values.decode([RunResult.Consolidation].self, forKey: .boundaries)
    activity =
      try values.decodeIfPresent([RunResult.Activity].self, forKey: .activity) ?? []
    divergingCoordinates = try values.decode(Int.self, forKey: .divergingCoordinates)
    projection = try values.decodeIfPresent(RunResult.Projection.self, forKey: .projection)
    refusedMessages = try values.decode(Int.self, forKey: .refusedMessages)
    duplicatePushes = try values.decode(Int.self, forKey: .duplicatePushes)
    notes = try values.decode([String].self, forKey: .notes)
  }
}

extension RunResult.Projection: Codable {
  enum CodingKeys: String, CodingKey {
    case steps, projected
    case meanAngle = "mean_angle"
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(steps, forKey: .steps)
    try values.encode(projected, forKey: .projected)
    try values.encodeNumber(meanAngle, forKey: .meanAngle)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      steps: try values.decode(Int.self, forKey: .steps),
      projected: try values.decode(Int.self, forKey: .projected),
      meanAngle: try values.decodeIfPresent(Double.self, forKey: .meanAngle))
  }
}

extension RunResult.Consolidation: Codable {
  enum CodingKeys: String, CodingKey {
    case task
    case importanceSum = "importance_sum"
    case foldedSum = "folded_sum"
    case penaltyGradientBefore = "penalty_gradient_before"
    case penaltyGradientAfter = "penalty_gradient_after"
    case newestTermAtAnchor = "newest_term_at_anchor"
    case curvatureMedian = "curvature_median"
    case curvature99
    case curvatureMaximum = "curvature_maximum"
    case divergingCoordinates = "diverging_coordinates"
    case exampleCount = "example_count"
    case layers, version
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(task, forKey: .task)
    try values.encodeNumber(importanceSum, forKey: .importanceSum)
    try values.encodeNumber(foldedSum, forKey: .foldedSum)
    try values.encodeNumber(penaltyGradientBefore, forKey: .penaltyGradientBefore)
    try values.encodeNumber(penaltyGradientAfter, forKey: .penaltyGradientAfter)
    try values.encodeNumber(newestTermAtAnchor, forKey: .newestTermAtAnchor)
    try values.encodeNumber(curvatureMedian, forKey: .curvatureMedian)
    try values.encodeNumber(curvature99, forKey: .curvature99)
    try values.encodeNumber(curvatureMaximum, forKey: .curvatureMaximum)
    try values.encode(divergingCoordinates, forKey: .divergingCoordinates)
    try values.encode(exampleCount, forKey: .exampleCount)
    try values.encode(layers, forKey: .layers)
    try values.encodeIfPresent(version, forKey: .version)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      task: try values.decode(String.self, forKey: .task),
      importanceSum: try values.decodeNumber(forKey: .importanceSum),
      foldedSum: try values.decodeNumber(forKey: .foldedSum),
      penaltyGradientBefore: try values.decodeNumber(forKey: .penaltyGradientBefore),
      penaltyGradientAfter: try values.decodeNumber(forKey: .penaltyGradientAfter),
      newestTermAtAnchor: try values.decodeNumber(forKey: .newestTermAtAnchor),
      curvatureMedian: try values.decodeNumber(forKey: .curvatureMedian),
      curvature99: try values.decodeNumber(forKey: .curvature99),
      curvatureMaximum: try values.decodeNumber(forKey: .curvatureMaximum),
      divergingCoordinates: try values.decode(Int.self, forKey: .divergingCoordinates),
      exampleCount: try values.decode(Int.self, forKey: .exampleCount),
      layers: try values.decode([RunResult.LayerImportance].self, forKey: .layers),
      version: try values.decodeIfPresent(Int.self, forKey: .version))
  }
}

extension RunResult.LayerImportance: Codable {
  enum CodingKeys: String, CodingKey { case name, sum, mean }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encodeNumber(sum, forKey: .sum)
    try values.encodeNumber(mean, forKey: .mean)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      sum: try values.decodeNumber(forKey: .sum), mean: try values.decodeNumber(forKey: .mean))
  }
}
