/// Element-wise loops over row-major matrices. The inner loops run along rows, without branches, so
/// that they vectorise.
enum RowKernels {
  /// z ← z + bias in every row.
  static func addBias(
    _ bias: UnsafePointer<Float>, to z: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    for row in 0..<rows {
      let values = z + row * columns
      for column in 0..<columns { values[column] += bias[column] }
    }
  }

  /// z ← max(0, z + bias) in every row. A NaN stays a NaN.
  static func addBiasAndRectify(
    _ bias: UnsafePointer<Float>, to z: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    for row in 0..<rows {
      let values = z + row * columns
      for column in 0..<columns {
        let value = values[column] + bias[column]
        values[column] = value < 0 ? 0 : value
      }
    }
  }

  /// δ ← δ where the unit was on, 0 where it was off.
  static func blockWhereOff(
    _ activation: UnsafePointer<Float>, _ delta: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count { delta[index] = activation[index] > 0 ? delta[index] : 0 }
  }

  /// sums ← sums + the sum of all rows.
  static func addColumnSums(
    of matrix: UnsafePointer<Float>, rows: Int, columns: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let values = matrix + row * columns
      for column in 0..<columns { sums[column] += values[column] }
    }
  }

  /// sums ← sums + factor · x².
  static func addSquares(
    of x: UnsafePointer<Float>, times factor: Float, to sums: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    for index in 0..<count { sums[index] += factor * x[index] * x[index] }
  }
}
