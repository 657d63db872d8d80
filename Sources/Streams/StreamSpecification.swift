/// What the performer is told about the task, and which outputs it has.
///
/// - Source: van de Ven, Tuytelaars & Tolias 2022, "Three types of incremental learning".
public enum Scenario: String, Sendable, Hashable, Codable, CaseIterable {
  /// A head per task; the task is known.
  case task
  /// One set of outputs for every task; the task is not known.
  case domain
  /// One head with all classes.
  case `class`
}

/// Everything that defines a task stream but the data and the seed.
public struct StreamSpecification: Sendable {
  /// Over which outputs the loss of a class-incremental stream runs.
  public enum LossClasses: String, Sendable, Hashable, Codable, CaseIterable {
    case all
    /// Classes of the tasks so far.
    case seen
  }

  /// Input = (pixel/255 − mean) / deviation.
  public struct Normalization: Sendable, Hashable {
    public let mean: Double
    /// > 0.
    public let deviation: Double

    /// Without one, an input is pixel/255.
    public init(mean: Double = 0, deviation: Double = 1) {
      self.mean = mean
      self.deviation = deviation
    }

    /// - Parameter value: 0 for background, 1 for a full pixel.
    func input(_ value: Double) -> Float { Float((value - mean) / deviation) }
  }

  /// How the tasks of this stream differ.
  public var kind: any StreamKind
  /// T ≥ 1.
  public var taskCount: Int
  public var order = StreamOrder.given
  public var scenario: Scenario
  public var lossClasses = LossClasses.all
  /// Background pixels added on each side, before permuting or rotating.
  public var padding = 0
  public var normalization = Normalization()
  /// A random subset by seed; `nil`: all.
  public var examplesPerTask: Int?
  public var testExamplesPerTask: Int?
  /// Labels, as the data set has them, of which no example is trained; they are tested.
  public var trainingWithout: [Int] = []

  /// All other settings have their defaults.
  public init(kind: any StreamKind, taskCount: Int, scenario: Scenario) {
    self.kind = kind
    self.taskCount = taskCount
    self.scenario = scenario
  }
}
