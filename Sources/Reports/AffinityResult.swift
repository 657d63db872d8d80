public import Streams

/// What `hebb affinity` measured: for each estimator how much learning one task helps another, or
/// one node's data another's.
///
/// As JSON (``ResultJSON``) it is an object with these keys:
///
///     schema       1
///     name, seed   of the experiment
///     experiment   the whole of it, YAML
///     command      that repeats it
///     hebb         version of the program
///     among        tasks or nodes
///     names        of the N of them; tasks as stream.order: given has them
///     steps, every, examples, rate
///                  training steps; from one sample to the next; of each in a sample; η
///     estimates    a list of objects:
///       by         gram: mean cosine of two gradients at the same weights, −1…1
///                  lookahead: mean share by which a plain step on the one lowers the other's loss
///                  probe: accuracy of a linear probe for the column on features of the row, as
///                  a share of that on the column's own
///       values     N lists of N numbers, null where one could not be measured: the row is
///                  learned, the column is helped
///       order      0-based tasks, those that help each other least next to each other, as
///                  stream.order takes them; null among nodes
public struct AffinityResult: Sendable, Hashable, Encodable {
  /// What one estimator found.
  public struct Estimate: Sendable, Hashable, Encodable {
    /// Which estimator.
    public let by: String
    /// The row is learned, the column is helped.
    public let values: [[Double?]]
    /// 0-based tasks in the order that follows from it; `nil` among nodes.
    public let order: [Int]?

    /// - Parameters:
    ///   - by: Which estimator.
    ///   - matrix: What it found.
    ///   - isOrdered: Whether they can be put in an order, as tasks can.
    public init(by: String, _ matrix: AffinityMatrix, isOrdered: Bool) {
      self.by = by
      values = finite(matrix.values)
      order = isOrdered ? matrix.order : nil
    }

    // Absent figures are written as null.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(by, forKey: .by)
      try container.encode(values, forKey: .values)
      try container.encode(order, forKey: .order)
    }

    private enum CodingKeys: String, CodingKey { case by, values, order }
  }

  /// Of the file's format.
  public let schema = 1
  /// Of the experiment.
  public let name: String
  public let seed: UInt64
  /// The whole experiment as YAML.
  public let experiment: String
  /// That repeats it.
  public let command: String
  /// Version of the program.
  public let hebb: String
  /// `tasks` or `nodes`.
  public let among: String
  /// What the rows and columns are.
  public let names: [String]
  /// How it was sampled.
  public let steps: Int
  public let every: Int
  public let examples: Int
  /// η of a look-ahead.
  public let rate: Double
  /// At least one.
  public let estimates: [Estimate]

  /// - Parameters:
  ///   - of: Name, seed and YAML of the experiment.
  ///   - command: That repeats it.
  ///   - hebb: Version of the program.
  ///   - among: `tasks` or `nodes`.
  ///   - names: What the rows and columns are.
  ///   - sampling: Training steps, steps from one sample to the next, examples of each in a sample,
  ///     and η of a look-ahead.
  ///   - estimates: At least one, of as many rows as there are names.
  public init(
    of experiment: (name: String, seed: UInt64, yaml: String), command: String, hebb: String,
    among: String, names: [String],
    sampling: (steps: Int, every: Int, examples: Int, rate: Double), estimates: [Estimate]
  ) {
    name = experiment.name
    seed = experiment.seed
    self.experiment = experiment.yaml
    self.command = command
    self.hebb = hebb
    self.among = among
    self.names = names
    (steps, every, examples, rate) = sampling
    self.estimates = estimates
  }
}

extension AffinityResult.Estimate {
  /// What a number says.
  var meaning: String {
    switch by {
    case "gram": "mean cosine of the gradients of two at the same weights"
    case "probe":
      "accuracy on the column of a linear probe on features of a network that learned the row, in "
        + "% of that on features that the column makes itself"
    default: "by how many per cent a step on the row lowers the loss of the column"
    }
  }

  /// A number for people: a cosine, or per cent.
  func text(_ value: Double?) -> String {
    switch by {
    case "gram": Figures.fixed(value)
    case "probe": Figures.percent(value)
    // A plain step changes little.
    default: (value ?? -1 > 0 ? "+" : "") + Figures.fixed(value.map { 100 * $0 })
    }
  }

  /// What the coldest and the hottest colour stand for.
  var range: ClosedRange<Double> {
    let largest = values.joined().compactMap { $0?.magnitude }.max() ?? 0
    if by == "gram" { return -1...1 }
    if by == "probe" { return 0...max(1, largest) }
    return largest > 0 ? -largest...largest : -1...1
  }
}
