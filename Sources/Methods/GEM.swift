import Consolidation
public import Settings
public import Streams

/// Gradient episodic memory: no step raises the loss on what is kept of any finished task, as far
/// as gradients tell. The servers turn the mean of all workers' gradients; a projection at each
/// worker would be another method.
///
/// - Source: Lopez-Paz and Ranzato 2017, "Gradient episodic memory for continual learning", §3.
public struct GEM: Method {
  public static let name = "gem"
  public static let keys: [Key<GEM>] = [
    .memories(\.memories),
    .number(
      "margin", \.margin, .notNegative,
      "What every reference is added at least as soon as one of them is violated; 0 projects and "
        + "nothing more."),
  ]

  /// Examples of each task that stay, ≥ 0, over all nodes.
  public var memories = 250
  /// γ ≥ 0.
  public var margin = 0.5

  /// As the authors' code has it, with the memory of Chaudhry et al. 2019.
  public init() {}

  /// Equally many of each class of a task.
  public var memory: MemoryRule? { MemoryRule(.ofEachTask(memories), per: .class) }

  /// One of each finished task, of all that is kept of it.
  public var references: References? {
    memories == 0 ? nil : References(.eachStage, ConeProjection(margin: margin))
  }
}
