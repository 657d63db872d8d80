import Testing

@testable import Tensors

@Suite struct `Matrix product` {
  /// Small integers, so that every order of summation gives the same bits.
  private func matrix(_ count: Int, seed: UInt64) -> Vector {
    var random = RandomStream(seed: seed, purpose: .test)
    return Vector((0..<count).map { _ in Float(random.index(below: 9) - 4) })
  }

  @Test(arguments: [Orientation.asStored, .transposed], [Orientation.asStored, .transposed])
  func `equals three loops in every orientation and shape`(
    orientationA: Orientation, orientationB: Orientation
  ) {
    for (rows, columns, inner) in [
      (1, 1, 1), (1, 5, 3), (4, 1, 7), (2, 3, 1), (5, 7, 3), (17, 9, 33), (32, 20, 64),
    ] {
      let (a, b) = (matrix(rows * inner, seed: 1), matrix(inner * columns, seed: 2))
      for (alpha, beta) in [(1, 0), (2, 1), (-0.5, 0.25)] as [(Float, Float)] {
        let c = matrix(rows * columns, seed: 3)
        var expected = c.array
        for row in 0..<rows {
          for column in 0..<columns {
            var sum: Float = 0
            for k in 0..<inner {
              let left = orientationA == .asStored ? a[row * inner + k] : a[k * rows + row]
              let right =
                orientationB == .asStored ? b[k * columns + column] : b[column * inner + k]
              sum += left * right
            }
            let place = row * columns + column
            expected[place] = alpha * sum + beta * expected[place]
          }
        }

        multiply(
          rows: rows, columns: columns, inner: inner, alpha: alpha, a.base, orientationA, b.base,
          orientationB, beta: beta, into: c.base)

        #expect(c.array == expected, "\(rows) × \(inner) × \(columns), α \(alpha), β \(beta)")
      }
    }
  }

  @Test func `overwrites what is no number when beta is zero`() {
    let (a, b, c) = (Vector([2]), Vector([3, 4]), Vector([.nan, .infinity]))
    multiply(rows: 1, columns: 2, inner: 1, a.base, .asStored, b.base, into: c.base)
    #expect(c.array == [6, 8])
  }

  @Test func `does nothing for an empty result`() {
    let c = Vector([5])
    multiply(rows: 0, columns: 1, inner: 1, c.base, .asStored, c.base, into: c.base)
    multiply(rows: 1, columns: 0, inner: 1, c.base, .asStored, c.base, into: c.base)
    #expect(c.array == [5])
  }
}
