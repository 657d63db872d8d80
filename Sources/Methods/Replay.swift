public import Settings
public import Streams

/// Experience replay: some examples of finished tasks stay where they are and come back at every
/// step. No example travels: what is drawn is computed by the worker that has it.
///
/// - Source: Ratcliff 1990; Chaudhry et al. 2019, "On tiny episodic memories"; as naive rehearsal
///   in Hsu et al. 2018, with `per` task.
public struct Replay: Method {
  public static let name = "replay"
  public static let keys: [Key<Replay>] =
    [
      .integer(
        "memory", \.memorySize, Domain.countsOrNone,
        "Examples of finished tasks that stay, over all workers together."),
      .choice(
        "per", \.group,
        "What has equally many of them: nothing, every task, every class of every task."),
    ] + Rehearsal.keys.map { $0.of(\.drawn) }

  /// m ≥ 0, over all nodes.
  public var memorySize = 500
  public var group = MemoryRule.Group.class
  /// How many come back at a step, and how much they count.
  public var drawn = Rehearsal()

  /// Fifty images a class of ten, as many old ones at a step as new ones.
  public init() {}

  /// The m smallest keys, equally many of each group.
  public var memory: MemoryRule? {
    drawn.share == 0 ? nil : MemoryRule(.total(memorySize), per: group)
  }

  /// Nothing if it would not count.
  public var rehearsal: Rehearsal? { drawn.share == 0 ? nil : drawn }

  /// As a word.
  public var title: String { "Replay" }
}
