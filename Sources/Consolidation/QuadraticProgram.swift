/// min ½ vᵀHv + bᵀv subject to vᵢ ≥ γ, with H symmetric and positive definite: small, dense, in
/// double precision.
///
/// Solved by an active set: variables leave the bound one after another, the one with the steepest
/// descent first, and the free ones are found by a Cholesky factorisation; whatever would cross the
/// bound goes back to it. The objective falls with every round, so that it ends.
///
/// - Source: Lawson and Hanson 1974, "Solving least squares problems", ch. 23, for this objective.
public struct QuadraticProgram: Sendable {
  /// Largest violation of the optimality conditions, relative to their size, of a solution that is
  /// trusted.
  public static let residualMaximum = 1e-9

  /// n × n, row by row.
  private let hessian: [Double]
  private let linear: [Double]
  private let bound: Double

  /// - Parameters:
  ///   - hessian: H row by row; symmetric, positive definite.
  ///   - linear: b.
  ///   - bound: γ, below which no variable goes.
  public init(hessian: [Double], linear: [Double], bound: Double) {
    precondition(hessian.count == linear.count * linear.count, "H is square, and b has its length")
    self.hessian = hessian
    self.linear = linear
    self.bound = bound
  }

  private var count: Int { linear.count }

  /// The solution. O(n⁴) at the worst, O(n³) for few free variables.
  ///
  /// - Throws: ``TransformError`` if what was found does not fulfil the optimality conditions.
  public func solution() throws(TransformError) -> [Double] {
    guard (hessian + linear).allSatisfy(\.isFinite) else { throw .notFinite }
    var values = Array(repeating: bound, count: count)
    var free: [Int] = []
    // Of no use when it was freed: would go back to the bound at once, by rounding.
    var stuck: Set<Int> = []
    for _ in 0..<(10 * count + 10) {
      let slope = gradient(at: values)
      let tolerance = Self.residualMaximum / 10 * size(at: values)
      let best = (0..<count).filter { !free.contains($0) && !stuck.contains($0) }
        .min { slope[$0] < slope[$1] }
      guard let best, slope[best] < -tolerance else { break }
      free.append(best)
      move(&values, &free)
      if free.contains(best) { stuck = [] } else { stuck.insert(best) }
    }
    let residual = residual(at: values)
    guard residual <= Self.residualMaximum else { throw .unsolved(residual: residual) }
    return values
  }

  /// The largest violation of the optimality conditions, relative to their size: the slope is zero
  /// along what is above the bound, and not negative along what is at it. (Karush-Kuhn-Tucker)
  ///
  /// - Parameter values: A point; not above the bound anywhere by less than rounding.
  public func residual(at values: [Double]) -> Double {
    guard values.allSatisfy(\.isFinite) else { return .infinity }
    let slope = gradient(at: values)
    var worst = 0.0
    for index in 0..<count {
      let isAtBound = values[index] <= bound
      worst = max(worst, isAtBound ? -slope[index] : slope[index].magnitude)
      worst = max(worst, bound - values[index])
    }
    let size = size(at: values)
    guard worst.isFinite, size.isFinite else { return .infinity }
    return size > 0 ? worst / size : worst
  }

  /// Hv + b.
  private func gradient(at values: [Double]) -> [Double] {
    (0..<count).map { row in
      var sum = linear[row]
      for column in 0..<count { sum += hessian[row * count + column] * values[column] }
      return sum
    }
  }

  /// The largest sum of magnitudes that a slope is made of: what its rounding is relative to.
  private func size(at values: [Double]) -> Double {
    var largest = 0.0
    for row in 0..<count {
      var sum = linear[row].magnitude
      for column in 0..<count {
        sum += (hessian[row * count + column] * values[column]).magnitude
      }
      largest = max(largest, sum)
    }
    return largest
  }

  /// Moves to the minimum over the free variables, or to the bound on the way there as often as
  /// there is one.
  private func move(_ values: inout [Double], _ free: inout [Int]) {
    while !free.isEmpty {
      guard let target = minimum(over: free, at: values) else {
        free.removeLast()
        return
      }
      var share = 1.0
      for (place, index) in free.enumerated() where target[place] <= bound {
        let way = values[index] - target[place]
        share = min(share, way > 0 ? (values[index] - bound) / way : 0)
      }
      guard share < 1 || zip(free, target).contains(where: { $1 <= bound }) else {
        for (place, index) in free.enumerated() { values[index] = target[place] }
        return
      }
      for (place, index) in free.enumerated() {
        let next = values[index] + share * (target[place] - values[index])
        values[index] = next
        if target[place] <= bound, next <= bound + 1e-12 * max(1, bound.magnitude) {
          values[index] = bound
        }
      }
      let kept = free.filter { values[$0] > bound }
      // Rounding must not keep all of them.
      guard kept.count < free.count else { return }
      free = kept
    }
  }

  /// The free variables at which the slope along them is zero, the others as they are; `nil` where
  /// H is not positive definite by rounding.
  private func minimum(over free: [Int], at values: [Double]) -> [Double]? {
    let size = free.count
    var right = free.map { row in
      var sum = -linear[row]
      for column in 0..<count where !free.contains(column) {
        sum -= hessian[row * count + column] * values[column]
      }
      return sum
    }
    var lower = Array(repeating: 0.0, count: size * size)
    for row in 0..<size {
      for column in 0...row {
        var sum = hessian[free[row] * count + free[column]]
        for inner in 0..<column { sum -= lower[row * size + inner] * lower[column * size + inner] }
        if row > column {
          lower[row * size + column] = sum / lower[column * size + column]
        } else if sum > 0 {
          lower[row * size + row] = sum.squareRoot()
        } else {
          return nil
        }
      }
    }
    for row in 0..<size {
      for inner in 0..<row { right[row] -= lower[row * size + inner] * right[inner] }
      right[row] /= lower[row * size + row]
    }
    for row in (0..<size).reversed() {
      for inner in row + 1..<size { right[row] -= lower[inner * size + row] * right[inner] }
      right[row] /= lower[row * size + row]
    }
    return right
  }
}
