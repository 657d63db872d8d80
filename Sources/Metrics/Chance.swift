/// The accuracy of guessing evenly, so that a result at chance can be called that.
///
/// A guesser's accuracy on n examples scatters around p = 1 / classes with a standard error of
/// √(p(1−p)/n), and lies within three of them in about 99.7 % of tests. The rule is for balanced
/// classes.
public struct Chance: Sendable, Hashable {
  /// p = 1 / number of classes that compete.
  public let level: Double

  /// - Parameter classCount: Output units over which the answer is chosen, ≥ 1. With one, every
  ///   answer is right and counts as chance.
  public init(classCount: Int) {
    precondition(classCount >= 1, "somebody must compete")
    level = 1 / Double(classCount)
  }

  /// Whether an accuracy is not above guessing: at most three standard errors over it. A network
  /// that is wrong systematically, like one that names only the classes of its last task, is below.
  ///
  /// - Parameters:
  ///   - accuracy: Fraction in 0…1.
  ///   - exampleCount: Test examples behind it, ≥ 1.
  public func explains(_ accuracy: Double, exampleCount: Int) -> Bool {
    accuracy - level <= tolerance(exampleCount: exampleCount)
  }

  /// Three standard errors.
  func tolerance(exampleCount: Int) -> Double {
    precondition(exampleCount >= 1, "an accuracy needs an example")
    return 3 * (level * (1 - level) / Double(exampleCount)).squareRoot()
  }
}

/// Whether an accuracy cannot be told from guessing: at most three standard errors above **or
/// below** it, where ``Chance/explains(_:exampleCount:)`` asks only whether it is above.
///
/// - Parameters:
///   - accuracy: A fraction in `0...1`.
///   - classes: Output units that compete, ≥ 1.
///   - examples: Test examples behind the accuracy, ≥ 1.
public func isAtChance(accuracy: Double, classes: Int, examples: Int) -> Bool {
  let chance = Chance(classCount: classes)
  return (accuracy - chance.level).magnitude <= chance.tolerance(exampleCount: examples)
}
