import Settings

/// The network is held to the answers that it gave when a task began: those of the units of
/// finished tasks, softened, to the task's own examples.
public struct Distillation: Sendable, Hashable {
  /// Among which units of a head with all classes earlier answers are compared.
  public enum Units: String, Sendable, Hashable, CaseIterable {
    /// The units of finished tasks, so that nothing is said of new ones.
    case old
    /// Also the units of the task under way, which earlier answers give a probability of 0.
    case seen
  }

  /// What is compared.
  public enum Form: Sendable, Hashable {
    /// The softened probabilities of units that compete; beside them labels are learned as ever.
    case probabilities
    /// σ(z) of each unit by itself: earlier answers take the place of what the label says of a unit
    /// that is known, and other units learn whether they are the label's.
    case eachUnit
  }

  /// What answers and labels count.
  public enum Balance: Sendable, Hashable {
    /// Answers ``Distillation/weight`` for each finished task, labels 1.
    case byTasks
    /// Answers λ and labels 1 − λ, where λ is the share of units that are known among those that
    /// are by the end of the task.
    case byUnits
  }

  /// What is compared.
  public var form = Form.probabilities
  /// What answers and labels count, where probabilities are compared.
  public var balance = Balance.byTasks
  /// T > 0 of softmax(z/T).
  public var temperature: Double
  /// What they count beside the labels, ≥ 0: once for each finished task.
  public var weight: Double
  /// Among which units of one head answers are compared.
  public var units: Units

  /// - Parameters:
  ///   - temperature: T > 0.
  ///   - weight: What the answers count beside the labels, ≥ 0, for each finished task.
  ///   - units: Among which units of one head answers are compared.
  public init(temperature: Double = 2, weight: Double = 1, units: Units = .old) {
    self.units = units
    self.temperature = temperature
    self.weight = weight
  }

  /// `temperature` and `distillation`.
  static let keys: [Key<Distillation>] = [
    .number(
      "temperature", \.temperature, .positive,
      "T of softmax(z/T), by which answers are softened before they are compared."),
    .number(
      "distillation", \.weight, .notNegative,
      "What earlier answers count beside the labels, for each finished task."),
    .choice(
      "distilled-units", \.units,
      "class scenario: earlier answers are compared among the units of finished tasks, or among "
        + "all that the task has, of which they give new ones a probability of 0."),
  ]
}
