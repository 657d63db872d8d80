import Tensors
import Testing

@testable import Compression

@Suite struct `Low-rank payloads` {
  /// Σ over r of a column times a row, of falling size.
  private func matrix(rows: Int, columns: Int, sizes: [Float], seed: UInt64) -> Vector {
    var draws = stream(seed)
    let x = Vector(count: rows * columns)
    for size in sizes {
      let left = (0..<rows).map { _ in Float(draws.normal()) * size }
      let right = (0..<columns).map { _ in Float(draws.normal()) }
      for row in 0..<rows {
        for column in 0..<columns { x[row * columns + column] += left[row] * right[column] }
      }
    }
    return x
  }

  private func norm(_ x: [Float]) -> Double {
    x.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func decoded(_ x: Vector, rank: Int, shape: (rows: Int, columns: Int)?) throws -> [Float]
  {
    var draws = stream(1)
    let payload = try Codec.powerSGD(rank: rank).encode(
      x.view, draws: &draws, indexSeed: stream(2), shape: shape)
    return try decodePayload(payload, count: x.count).dense.array
  }

  @Test(arguments: [1, 2, 5])
  func `give a matrix of their rank back`(rank: Int) throws {
    let sizes = (0..<rank).map { 1 / Float($0 + 1) }
    let x = matrix(rows: 30, columns: 17, sizes: sizes, seed: 3)
    for offered in [rank, rank + 3] {
      let y = try decoded(x, rank: offered, shape: (30, 17))
      #expect(norm(zip(x.array, y).map { $0 - $1 }) < 1e-5 * norm(x.array))
    }
  }

  @Test func `project, so that what is left is never more than what there was`() throws {
    for rank in 1...6 {
      let x = gradient(600, seed: UInt64(rank))
      let y = try decoded(x, rank: rank, shape: (20, 30))
      let rest = norm(zip(x.array, y).map { $0 - $1 })
      #expect(rest < norm(x.array))
      // M − PPᵀM is orthogonal to PPᵀM.
      #expect(abs(rest * rest + norm(y) * norm(y) - norm(x.array) * norm(x.array)) < 1e-3)
    }
  }

  @Test func `take a short last row and a shape of their own`() throws {
    let full = matrix(rows: 11, columns: 10, sizes: [1], seed: 5)
    let x = Vector(copying: full[0..<103])
    let y = try decoded(x, rank: 2, shape: (11, 10))
    #expect(y.count == 103)
    #expect(try decoded(x, rank: 1, shape: nil).count == 103)
    // All rows are alike but for the missing end of the last.
    let flat = Vector([Float](repeating: 2, count: 103))
    let z = try decoded(flat, rank: 2, shape: nil)
    #expect(norm(z.map { $0 - 2 }) < 1e-4)
  }

  @Test func `keep their rank below rows and columns`() throws {
    let x = gradient(12, seed: 1)
    let y = try decoded(x, rank: 100, shape: (3, 4))
    #expect(norm(zip(x.array, y).map { $0 - $1 }) < 1e-5)
    #expect(Codec.powerSGD(rank: 100).byteCount(count: 12, shape: (3, 4)) == 5 + 4 * 3 * 7)
  }

  @Test(arguments: [(3, 3), (5, 3), (0, 0), (1, 13), (-4, -3), (Int.max, 1)])
  func `refuse a shape that does not hold the block`(rows: Int, columns: Int) {
    #expect(throws: CodecError.shape(rows: rows, columns: columns, count: 12)) {
      try decoded(gradient(12, seed: 1), rank: 1, shape: (rows, columns))
    }
  }

  @Test(arguments: [0x1p-132, 1e-30, 1e30] as [Float])
  func `work at the ends of the range`(size: Float) throws {
    let x = matrix(rows: 5, columns: 6, sizes: [size], seed: 9)
    let y = try decoded(x, rank: 1, shape: (5, 6))
    #expect(norm(zip(x.array, y).map { $0 - $1 }) < 1e-3 * norm(x.array))
  }

  @Test func `refuse a block whose norm is out of range`() {
    #expect(throws: CodecError.beyondRange(index: 2, limit: 0x1p125)) {
      try decoded(Vector([1, 2, 3e38, 4]), rank: 1, shape: (2, 2))
    }
  }

  @Test func `come closer from step to step when the start is warm`() throws {
    let x = matrix(rows: 40, columns: 40, sizes: [1, 0.9, 0.8, 0.7], seed: 7)
    // Without feedback every step sees the same matrix, so this is plain subspace iteration.
    var sender = ErrorFeedback(
      count: 1600, codec: .powerSGD(rank: 2), options: .init(isEnabled: false), shape: (40, 40))
    var draws = stream(3)
    let errors = try (0..<8).map { step in
      let payload = try sender.encode(
        gradient: x.view, step: step, draws: &draws, indexSeed: stream(4))
      let y = try decodePayload(payload, count: 1600).dense.array
      return norm(zip(x.array, y).map { $0 - $1 })
    }
    for (error, next) in zip(errors, errors.dropFirst()) { #expect(next <= error * 1.00001) }
    #expect(errors[7] < 0.98 * errors[0])
  }
}
