public import Settings

/// Learning without forgetting: the network as it was when a task began labels the task's examples,
/// and its answers are learned beside the labels. Nothing of earlier tasks is kept but the weights,
/// which every worker holds when a task begins.
///
/// - Source: Li & Hoiem 2016, §3.
public struct LwF: Method {
  public static let name = "lwf"
  public static let keys: [Key<LwF>] = Distillation.keys.map { $0.of(\.answers) }

  /// Temperature and weight.
  public var answers = Distillation()

  /// T = 2, and each finished task counts as much as the labels.
  public init() {}

  /// Nothing if it would not count.
  public var distillation: Distillation? { answers.weight == 0 ? nil : answers }

  /// As its authors write it.
  public var title: String { "LwF" }
}
