import CKernels

/// The dot products of all pairs of a step's vectors over all shards: of the mean gradient, which
/// is vector 0, and of the references.
public struct GramMatrix: Sendable, Hashable {
  /// How many vectors there are.
  public let count: Int
  /// `count` × `count`, symmetric.
  private let values: [Double]

  /// Pairs of `count` vectors, each with itself included.
  ///
  /// - Parameter count: Of vectors, ≥ 0.
  public static func pairCount(of count: Int) -> Int { count * (count + 1) / 2 }

  /// - Parameters:
  ///   - sums: By pair, row by row of the upper triangle: the products on their grids, added over
  ///     all servers (``StepVectors/gramSums(by:)``).
  ///   - ruler: The grids.
  public init(sums: [Int], by ruler: GramRuler) {
    precondition(sums.count == Self.pairCount(of: ruler.count), "every pair has a sum")
    var values = Array(repeating: 0.0, count: ruler.count * ruler.count)
    var place = 0
    for row in 0..<ruler.count {
      for column in row..<ruler.count {
        let value = ruler.product(sums[place], row, column)
        values[row * ruler.count + column] = value
        values[column * ruler.count + row] = value
        place += 1
      }
    }
    self.init(values, count: ruler.count)
  }

  /// - Parameters:
  ///   - values: Row by row, symmetric.
  ///   - count: Of rows.
  public init(_ values: [Double], count: Int) {
    precondition(values.count == count * count, "the matrix is square")
    self.values = values
    self.count = count
  }

  /// x_row · x_column.
  public subscript(row: Int, column: Int) -> Double { values[row * count + column] }

  /// The angle in degrees, 0…180, between vector 0 and a sum of all vectors; 0 where one of them
  /// has no length.
  ///
  /// - Parameter coefficients: Of the vectors in the sum.
  public func angle(to coefficients: [Double]) -> Double {
    var (inner, square) = (0.0, 0.0)
    for row in 0..<count {
      inner += coefficients[row] * self[0, row]
      for column in 0..<count {
        square += coefficients[row] * coefficients[column] * self[row, column]
      }
    }
    let length = (self[0, 0] * square).squareRoot()
    guard length > 0 else { return 0 }
    return hebb_acos(min(1, max(-1, inner / length))) * 180 / .pi
  }
}
