/// How forgetting is fought: a value whose stored properties are its settings.
///
/// A method says which tasks are trained together and what servers hold on to of finished ones.
/// Everything else (gradients, folding, form and site of the penalty, codecs) is the house's.
public protocol Method: Sendable {
  /// Which tasks are trained together; one after another if left out.
  var schedule: Schedule { get }
  /// What servers hold on to of finished tasks; nothing if left out.
  var penalty: QuadraticPenalty? { get }
}

extension Method {
  /// One after another.
  public var schedule: Schedule { .sequential }
  /// Nothing.
  public var penalty: QuadraticPenalty? { nil }
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
