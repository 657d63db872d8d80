public import Settings

/// How forgetting is fought: a value whose stored properties are its settings.
///
/// A method says which tasks are trained together and what servers hold on to of finished ones.
/// Everything else (gradients, folding, form and site of the penalty, codecs) is the house's. A
/// further one is a file in this room and a line in ``Methods/all``.
public protocol Method: Selectable {
  /// Which tasks are trained together; one after another if left out.
  var schedule: Schedule { get }
  /// What servers hold on to of finished tasks; nothing if left out.
  var penalty: QuadraticPenalty? { get }
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
