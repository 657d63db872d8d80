import Consolidation
public import Settings
public import Streams

/// Averaged gradient episodic memory: no step raises the mean loss on what is kept of all finished
/// tasks, as far as a batch of it tells.
///
/// - Source: Chaudhry et al. 2019, "Efficient lifelong learning with A-GEM", §4.
public struct AGEM: Method {
  public static let name = "a-gem"
  public static let keys: [Key<AGEM>] = [
    .memories(\.memories),
    .integer(
      "reference-batch", \.referenceBatch, Domain.counts,
      "Examples that the reference of a step is taken from, over all workers together."),
  ]

  /// Examples of each task that stay, ≥ 0, over all nodes.
  public var memories = 250
  /// Examples of a step's reference, ≥ 1, over all nodes.
  public var referenceBatch = 256

  /// As the authors have it.
  public init() {}

  /// Equally many of each class of a task.
  public var memory: MemoryRule? { MemoryRule(.ofEachTask(memories), per: .class) }

  /// One, of a batch from all that is kept.
  public var references: References? {
    memories == 0 ? nil : References(.drawn(batch: referenceBatch), HalfSpaceProjection())
  }
}

/// What methods with references have in common.
extension Key {
  /// How many examples of each task stay, over all nodes.
  static func memories(_ field: Field<Int>) -> Key {
    integer(
      "memories", field, Domain.countsOrNone,
      "Examples of each finished task that stay, over all workers together, equally many of each "
        + "class.")
  }
}
