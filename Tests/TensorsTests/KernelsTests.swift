import Testing

@testable import Tensors

@Suite struct `Vector kernels` {
  /// Small integers: their sums and products are exact in any order, so that equality is due.
  private func integers(_ count: Int, seed: UInt64) -> Vector {
    var random = RandomStream(seed: seed, purpose: .test)
    // One element more, so that a run may start off every wide boundary.
    return Vector((0...count).map { _ in Float(random.index(below: 17) - 8) })
  }

  @Test(arguments: Array(0...70) + [127, 128, 1000])
  func `reduce like a plain loop for every length and start`(count: Int) {
    let (x, y) = (integers(count, seed: 1), integers(count, seed: 2))
    for start in 0...1 {
      let (a, b) = (x.base + start, y.base + start)
      var (dot, sum, squares): (Float, Double, Double) = (0, 0, 0)
      for index in 0..<count {
        dot += a[index] * b[index]
        sum += Double(a[index])
        squares += Double(a[index]) * Double(a[index])
      }
      #expect(Kernels.dot(a, b, count: count) == dot)
      #expect(Kernels.sum(a, count: count) == sum)
      #expect(Kernels.sumOfSquares(a, count: count) == squares)
    }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 33])
  func `add and scale like a plain loop and leave the rest alone`(count: Int) {
    let (x, y) = (integers(count, seed: 3), integers(count, seed: 4))
    var expected = y.array
    for index in 0..<count { expected[index] += x[index] }
    Kernels.add(x.base, to: y.base, count: count)
    #expect(y.array == expected)

    for index in 0..<count { expected[index] *= -0.5 }
    Kernels.scale(y.base, by: -0.5, count: count)
    #expect(y.array == expected)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `find one value that is not finite wherever it is`(bad: Float) {
    for count in [1, 15, 16, 17, 40] {
      let values = integers(count, seed: 5)
      #expect(Kernels.allFinite(values.base, count: count))
      for place in 0..<count {
        let good = values[place]
        values[place] = bad
        #expect(!Kernels.allFinite(values.base, count: count), "\(bad) at \(place) of \(count)")
        values[place] = good
      }
    }
  }

  @Test func `two infinities of opposite sign do not cancel`() {
    let values = Vector([.infinity, -.infinity] + [Float](repeating: 1, count: 20))
    #expect(!Kernels.allFinite(values.base, count: values.count))
  }

  @Test func `sums of squares keep what single precision would lose`() {
    let values = Vector([4096] + [Float](repeating: 0.5, count: 64))
    #expect(Kernels.sumOfSquares(values.base, count: 65) == 4096 * 4096 + 16)
  }

  @Test(arguments: [1, 2, 3, 4, 7, 21], [0, 1, 7, 8, 37, 512])
  func `multiply rows with each other like a plain loop`(rows: Int, count: Int) {
    var random = RandomStream(seed: 5, purpose: .test, node: rows, step: count)
    let stride = count + 3
    let a = (0..<rows * stride).map { _ in Double(random.index(below: 1 << 20) - 1 << 19) }
    var found = Array(repeating: 1.0, count: rows * rows)
    found.withUnsafeMutableBufferPointer { found in
      a.withUnsafeBufferPointer {
        Kernels.addGram(
          $0.baseAddress!, rows: rows, count: count, stride: stride, to: found.baseAddress!)
      }
    }
    for row in 0..<rows {
      for column in 0..<rows {
        let expected =
          column < row
          ? 0 : (0..<count).reduce(0.0) { $0 + a[row * stride + $1] * a[column * stride + $1] }
        #expect(found[row * rows + column] == 1 + expected)
      }
    }
  }

  @Test(arguments: [0, 1, 3, 8, 41])
  func `round to whole numbers, ties to even`(count: Int) {
    let x = Vector((0..<count).map { Float($0) / 4 - 3 })
    var found = Array(repeating: 0.25, count: count + 1)
    found.withUnsafeMutableBufferPointer {
      Kernels.round(x.base, scale: 2, into: $0.baseAddress!, count: count)
    }
    for index in 0..<count {
      #expect(found[index] == (2 * Double(x[index])).rounded(.toNearestOrEven))
    }
    #expect(found[count] == 0.25)
    let largest = Kernels.largest(x.base, count: count)
    #expect(largest == (x.array.map { abs($0) }.max() ?? 0))
  }
}
