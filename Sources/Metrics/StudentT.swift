/// Student's t distribution: how far a mean of few measurements may lie from the truth.
public enum StudentT {
  /// t with P(|T| ≤ t) = 0.95, to six digits.
  ///
  /// - Parameter degreesOfFreedom: n − 1, ≥ 1.
  /// - Source: the table up to 30; beyond it the expansion of Abramowitz and Stegun, 26.7.5.
  public static func bound95(degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom >= 1, "an interval needs two values")
    guard degreesOfFreedom > table.count else { return table[degreesOfFreedom - 1] }
    let v = Double(degreesOfFreedom)
    let z = normalBound
    let z2 = z * z
    let first = z * (z2 + 1) / 4
    let second = z * ((5 * z2 + 16) * z2 + 3) / 96
    let third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
    return z + (first + (second + third / v) / v) / v
  }

  /// The two-sided 95 % bound of the normal distribution, where infinitely many degrees of freedom
  /// lead.
  private static let normalBound = 1.959963984540054

  private static let table = [
    12.7062, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157,
    2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922,
    2.093024, 2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831,
    2.048407, 2.04523, 2.042272,
  ]
}
