/// What is summed over examples: the square of a derivative, or its magnitude.
public enum Moment: Sendable, Hashable {
  case square, magnitude

  /// y ← x² or |x|.
  func apply(
    to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .square: for index in 0..<count { y[index] = x[index] * x[index] }
    case .magnitude: for index in 0..<count { y[index] = x[index].magnitude }
    }
  }

  /// y ← y + x² or y + |x|.
  func add(
    _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .square: for index in 0..<count { y[index] += x[index] * x[index] }
    case .magnitude: for index in 0..<count { y[index] += x[index].magnitude }
    }
  }

  /// For each example the sum of the moments of its rows: sums ← examples × columns.
  func fold(_ rows: Rows, columns: Int, into sums: UnsafeMutablePointer<Float>) {
    rows.forEach(columns: columns) { example, first, count in
      let sum = sums + example * columns
      if count == 0 { sum.update(repeating: 0, count: columns) }
      for rank in 0..<count {
        let row = first + rank * columns
        if rank == 0 {
          apply(to: row, into: sum, count: columns)
        } else {
          add(row, to: sum, count: columns)
        }
      }
    }
  }
}
