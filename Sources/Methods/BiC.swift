public import Models
public import Settings
public import Streams

/// Bias correction: examples of finished tasks come back, the network is held to its earlier
/// answers, and after each task the scores of its classes, which come out too high, are corrected
/// by two numbers that are fitted to a tenth of the memory, on which nothing is ever trained.
///
/// Earlier answers are those with their own correction; at a measurement only the newest classes
/// are corrected.
///
/// - Source: Wu et al. 2019, "Large scale incremental learning".
public struct BiC: Method {
  public static let name = "bic"
  public static let keys: [Key<BiC>] = [
    .integer(
      "memory", \.memorySize, Domain.counts,
      "Examples of finished tasks that stay, over all workers together, equally many of each "
        + "class; a tenth of them is never trained on."),
    .number(
      "temperature", \.temperature, .positive,
      "T of softmax(z/T), by which answers are softened before they are compared."),
  ]

  /// m ≥ 1, over all nodes.
  public var memorySize = 200
  /// T > 0 of softmax(z/T).
  public var temperature = 2.0

  /// Two hundred examples, T = 2.
  public init() {}

  /// Equally many of each class, of which a tenth is held out.
  public var memory: MemoryRule? {
    MemoryRule(.total(memorySize), per: .class, heldOutOneIn: 10)
  }
  /// As if they were the task's own.
  public var rehearsal: Rehearsal? { Rehearsal(isPooled: true) }
  /// By how many classes are known.
  public var distillation: Distillation? {
    var answers = Distillation(temperature: temperature)
    answers.balance = .byUnits
    return answers
  }
  /// The newest classes corrected.
  public var readout: (any Readout)? { BiasCorrection() }
  /// As its authors write it.
  public var title: String { "BiC" }
}
