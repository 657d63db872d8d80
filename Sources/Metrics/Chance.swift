/// The accuracy of guessing, so that a result at chance can be called that.
public struct Chance: Sendable, Hashable {
  /// 1 / number of classes that compete.
  public let level: Double

  /// - Parameter classCount: Output units over which the answer is chosen, ≥ 1.
  public init(classCount: Int) { level = 1 / Double(classCount) }

  /// Whether an accuracy is not above guessing: at most three binomial standard errors over it.
  ///
  /// - Parameters:
  ///   - accuracy: Fraction in 0…1.
  ///   - exampleCount: Test examples behind it, ≥ 1.
  public func explains(_ accuracy: Double, exampleCount: Int) -> Bool {
    let standardError = (level * (1 - level) / Double(exampleCount)).squareRoot()
    return accuracy <= level + 3 * standardError
  }
}
