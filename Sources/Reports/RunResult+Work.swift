extension RunResult {
  /// Examples that all workers together worked on, by what for: the computing that a method asks
  /// for, counted where it was done. One that is computed again counts again; what only measures
  /// (tests, and what a readout is fitted to) does not count.
  public struct Work: Sendable, Hashable {
    /// Of the run's own stream, in the gradients of its steps.
    public var new = 0
    /// Kept examples of finished tasks that came back in them.
    public var replayed = 0
    /// Examples that a generator made, in them.
    public var made = 0
    /// Examples, new and made, from which the generator itself learned.
    public var generator = 0
    /// Kept examples in references: gradients beside that of a step, with which it is compared.
    public var references = 0
    /// Examples in estimates of an importance.
    public var importance = 0
    /// Answers of frozen networks, and examples that a frozen generator made: passes up a network
    /// without the way down.
    public var frozenPasses = 0

    /// Nothing was done.
    public init() {}

    /// Gradients of single examples, all kinds together. A pass up a frozen network counts a third
    /// of one: the way down takes two products of matrices a layer, the way up one.
    public var exampleGradients: Int {
      let gradients = new + replayed + made + generator + references + importance
      return gradients + Int((Double(frozenPasses) / 3).rounded())
    }

    /// Example-gradients by the examples of the run's own stream, 1 for plain training; `nil`
    /// where it had none.
    public var relative: Double? {
      new > 0 ? Double(exampleGradients) / Double(new) : nil
    }
  }
}

extension RunResult.Work: Codable {
  enum CodingKeys: String, CodingKey {
    case new, replayed, made, generator, references, importance
    case frozenPasses = "frozen_passes"
    case exampleGradients = "example_gradients"
    case relative = "relative_to_plain"
  }

  /// With the two figures that follow from the counts, for whoever reads the file.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(new, forKey: .new)
    try values.encode(replayed, forKey: .replayed)
    try values.encode(made, forKey: .made)
    try values.encode(generator, forKey: .generator)
    try values.encode(references, forKey: .references)
    try values.encode(importance, forKey: .importance)
    try values.encode(frozenPasses, forKey: .frozenPasses)
    try values.encode(exampleGradients, forKey: .exampleGradients)
    try values.encodeNumber(relative, forKey: .relative)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    new = try values.decode(Int.self, forKey: .new)
    replayed = try values.decode(Int.self, forKey: .replayed)
    made = try values.decode(Int.self, forKey: .made)
    generator = try values.decode(Int.self, forKey: .generator)
    references = try values.decode(Int.self, forKey: .references)
    importance = try values.decode(Int.self, forKey: .importance)
    frozenPasses = try values.decode(Int.self, forKey: .frozenPasses)
  }
}
