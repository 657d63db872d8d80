/// The vector closest to the gradient that has no negative product with any reference: a step along
/// it raises no loss that a reference is the gradient of.
///
/// With references r_k as rows of R, v solves min ½ vᵀ(RRᵀ + εI)v + (Rg)ᵀv subject to v ≥ γ, and
/// the direction is g + Rᵀv. Without any negative product the gradient stays as it is. With γ > 0
/// every reference is added at least γ times as soon as one product is negative; γ = 0 is the
/// projection itself.
///
/// - Source: Lopez-Paz and Ranzato 2017, "Gradient episodic memory", eq. 8 to 11, with the signs
///   and the ridge of its authors' code.
public struct ConeProjection: GradientTransform, Hashable {
  /// ε: references that depend on each other do not make the programme singular.
  public static let ridge = 1e-3

  /// γ ≥ 0.
  private let margin: Double

  /// - Parameter margin: γ ≥ 0.
  public init(margin: Double) {
    precondition(margin >= 0, "a margin is not negative")
    self.margin = margin
  }

  /// g + Rᵀv, or the gradient as it is. O(references⁴) at the worst.
  public func coefficients(of gram: GramMatrix) throws(TransformError) -> [Double]? {
    let count = gram.count - 1
    let products = (0..<count).map { gram[0, $0 + 1] }
    guard products.allSatisfy(\.isFinite) else { throw .notFinite }
    guard products.contains(where: { $0 < 0 }) else { return nil }
    var hessian = Array(repeating: 0.0, count: count * count)
    for row in 0..<count {
      for column in 0..<count { hessian[row * count + column] = gram[row + 1, column + 1] }
      hessian[row * count + row] += Self.ridge
    }
    let program = QuadraticProgram(hessian: hessian, linear: products, bound: margin)
    return [1] + (try program.solution())
  }
}
