public import Models
public import Settings
public import Streams

/// How forgetting is fought: a value whose stored properties are its settings.
///
/// It fills slots, each a place in the equation of a step: which tasks are trained together, what
/// servers hold on to of finished ones, which examples stay and come back. Everything else
/// (gradients, folding, form and site of the penalty, codecs) is the house's. A slot that is left
/// out costs nothing and changes no bit. A further method is a file in this room and a line in
/// ``Methods/all``.
public protocol Method: Selectable {
  /// Which tasks are trained together; one after another if left out.
  var schedule: Schedule { get }
  /// What servers hold on to of finished tasks; nothing if left out.
  var penalty: QuadraticPenalty? { get }
  /// Which examples of finished tasks stay with the workers that have them; none if left out.
  var memory: MemoryRule? { get }
  /// How they come back at a step; not at all if left out. It needs a ``memory``.
  var rehearsal: Rehearsal? { get }
  /// Which mean gradients of what stays are pushed beside the gradient, and how servers turn the
  /// step by them; none if left out. They need a ``memory``.
  var references: References? { get }
  /// How a network is held to the answers that it gave before a task; not at all if left out.
  var distillation: Distillation? { get }
  /// Which finished runs' answers are learned beside the labels; none are if left out.
  var teaching: Teaching? { get }
  /// How examples of finished tasks are made, by a generator that is trained beside the network;
  /// none are if left out.
  var generation: Generation? { get }
  /// How scores become answers when a network is measured, and what is fitted for that at every
  /// boundary to what stays; the highest score is the answer if left out. It needs a ``memory``.
  var readout: (any Readout)? { get }
  /// How a batch becomes what is pushed, where that is no gradient: the parameters are then the sum
  /// of all that is pushed, and model and optimiser have no part in it; by gradients if left out.
  var learner: (any LocalRule)? { get }
  /// What results call it, lower case; its name if left out.
  var label: String { get }
  /// What the pages of a report call it, as a paper writes it; its name in capitals if left out.
  var title: String { get }
}

extension Method {
  /// One after another.
  public var schedule: Schedule { .sequential }
  /// Nothing.
  public var penalty: QuadraticPenalty? { nil }
  /// None.
  public var memory: MemoryRule? { nil }
  /// Not at all.
  public var rehearsal: Rehearsal? { nil }
  /// None.
  public var references: References? { nil }
  /// Not at all.
  public var distillation: Distillation? { nil }
  /// None.
  public var teaching: Teaching? { nil }
  /// None.
  public var generation: Generation? { nil }
  /// The highest score.
  public var readout: (any Readout)? { nil }
  /// By gradients.
  public var learner: (any LocalRule)? { nil }
  /// Its name.
  public var label: String { Self.name }
  /// Its name in capitals.
  public var title: String { Self.name.uppercased() }
}

/// Which tasks are trained together.
public enum Schedule: Sendable, Hashable {
  /// One after another, by one model.
  case sequential
  /// All at once, by one model.
  case joint
  /// One after another, each by a model of its own.
  case independent
}
