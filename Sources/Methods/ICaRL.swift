public import Models
public import Settings
public import Streams

/// Incremental classifier and representation learning: every unit learns whether an example is of
/// its class, those of finished tasks from what they answered when the task began; some examples of
/// each class stay and are trained on as if they were the task's own; the answer is the class whose
/// kept examples have the nearest mean.
///
/// Which examples stay is the house's choice by key, a random one. The paper's is greedy, so that a
/// few examples come close to the mean of all ("herding"); over examples that many workers have it
/// is no sum of what each can say by itself.
///
/// - Source: Rebuffi et al. 2017, "iCaRL: incremental classifier and representation learning".
public struct ICaRL: Method {
  public static let name = "icarl"
  public static let keys: [Key<ICaRL>] = [
    .integer(
      "exemplars", \.exemplars, Domain.counts,
      "Examples of each class that stay, over all workers together."),
    .number(
      "temperature", \.temperature, .positive,
      "T of σ(z/T), what earlier weights answer for a unit; with 1, the paper's, a new class that "
        + "looks like an old one is learned worse."),
  ]

  /// Examples of each class that stay, ≥ 1, over all nodes.
  public var exemplars = 100
  /// T > 0 of σ(z/T), what earlier weights answer for a unit.
  public var temperature = 2.0

  /// A hundred of each class, and answers that are softened, as published code does.
  public init() {}

  /// Equally many of each class.
  public var memory: MemoryRule? { MemoryRule(.ofEachGroup(exemplars), per: .class) }
  /// As if they were the task's own.
  public var rehearsal: Rehearsal? { Rehearsal(isPooled: true) }
  /// Of each unit by itself.
  public var distillation: Distillation? {
    var answers = Distillation(temperature: temperature)
    answers.form = .eachUnit
    return answers
  }
  /// The nearest mean.
  public var readout: (any Readout)? { NearestMean() }
  /// As its authors write it.
  public var title: String { "iCaRL" }
}
