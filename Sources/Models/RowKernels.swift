/// Element-wise loops over row-major matrices. The inner loops run along rows, without branches, so
/// that they vectorise.
enum RowKernels {
  /// z ← row, `rows` times.
  static func fill(
    _ z: UnsafeMutablePointer<Float>, withRow row: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    for index in 0..<rows { (z + index * columns).update(from: row, count: columns) }
  }

  /// z ← max(0, z). A NaN stays a NaN.
  static func rectify(_ z: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<count {
      let value = z[index]
      z[index] = value < 0 ? 0 : value
    }
  }

  /// δ ← δ where the unit was on, 0 where it was off.
  static func blockWhereOff(
    _ activation: UnsafePointer<Float>, _ delta: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count {
      let value = delta[index]  // Loaded in any case: a conditional load would not vectorise.
      delta[index] = activation[index] > 0 ? value : 0
    }
  }

  /// Zeros the derivatives by those of an example's activations that were off, in all its rows.
  static func blockWhereOff(_ activation: UnsafePointer<Float>, _ rows: Rows, columns: Int) {
    guard rows.counts != nil else {
      return blockWhereOff(activation, rows.base, count: rows.count * columns)
    }
    rows.forEach(columns: columns) { example, row, count in
      for rank in 0..<count {
        blockWhereOff(activation + example * columns, row + rank * columns, count: columns)
      }
    }
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

  /// z ← z + x ∘ y.
  static func addProduct(
    of x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, to z: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    for index in 0..<count { z[index] += x[index] * y[index] }
  }

  /// sums ← sums + factor · x².
  static func addSquares(
    of x: UnsafePointer<Float>, times factor: Float, to sums: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    for index in 0..<count { sums[index] += factor * x[index] * x[index] }
  }
}
