import Settings

/// The network is held to the answers that it gave when a task began: those of the units of
/// finished tasks, softened, to the task's own examples.
public struct Distillation: Sendable, Hashable {
  /// T > 0 of softmax(z/T).
  public var temperature: Double
  /// What they count beside the labels, ≥ 0: once for each finished task.
  public var weight: Double

  /// - Parameters:
  ///   - temperature: T > 0.
  ///   - weight: What the answers count beside the labels, ≥ 0, for each finished task.
  public init(temperature: Double = 2, weight: Double = 1) {
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
  ]
}
