import Testing

@testable import Models
@testable import Tensors

@Suite struct `Softmax rows` {
  /// Σ r rᵀ of the rows, against diag(p) − p pᵀ.
  private func expectFactor(of probabilities: [Float], active: Range<Int>) {
    let count = probabilities.count
    let rows = Vector(repeating: .nan, count: count * max(active.count - 1, 0))
    let source = Vector(probabilities)
    let written = Softmax.factorCovariance(
      of: source.base, count: count, active: active, into: rows.base)
    #expect(written <= active.count - 1)
    for first in 0..<count {
      for second in 0..<count {
        let (p, q) = (Double(probabilities[first]), Double(probabilities[second]))
        let expected =
          first == second ? p * (probabilities.reduce(0.0) { $0 + Double($1) } - p) : -p * q
        let sum = (0..<written).reduce(0.0) {
          $0 + Double(rows[$1 * count + first]) * Double(rows[$1 * count + second])
        }
        let scale = (p * q).squareRoot()
        #expect(abs(sum - expected) <= 1e-6 * scale, "\(probabilities) [\(first), \(second)]")
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `rows of the covariance multiply to it`(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .test)
    let count = 1 + random.index(below: 8)
    let start = random.index(below: count)
    let active = start..<start + 1 + random.index(below: count - start)
    let row = Vector((0..<count).map { _ in Float(random.uniform(in: -6...6)) })
    _ = Softmax.normalize(row.base, count: count, active: active)
    expectFactor(of: row.array, active: active)
  }

  @Test func `rows of the covariance leave out classes of probability zero`() {
    expectFactor(of: [0, 0.25, 0, 0.75, 0], active: 0..<5)
    expectFactor(of: [0, 1, 0], active: 0..<3)
    for (probabilities, count) in [([0.25, 0, 0.75], 1), ([0, 1, 0], 0)] as [([Float], Int)] {
      let (source, rows) = (Vector(probabilities), Vector(count: 6))
      let written = Softmax.factorCovariance(
        of: source.base, count: 3, active: 0..<3, into: rows.base)
      #expect(written == count)
    }
  }

  /// 1 − p is 0 in single precision, the sum of the others is not.
  @Test func `rows of the covariance are right when one class is nearly sure`() {
    let small: Float = 1e-12
    for probabilities in [[1, small], [small, 1]] {
      let (source, rows) = (Vector(probabilities), Vector(count: 2))
      let written = Softmax.factorCovariance(
        of: source.base, count: 2, active: 0..<2, into: rows.base)
      #expect(written == 1)
      #expect(abs(rows[0] * rows[0] - small) < 1e-5 * small)
      #expect(abs(rows[0] + rows[1]) < 1e-5 * abs(rows[0]))
    }
  }

  @Test func `probabilities sum to one over the active units and are zero elsewhere`() {
    let row = Vector([5, 1, 1, 1000])
    let logTotal = Softmax.normalize(row.base, count: 4, active: 1..<3)
    #expect(row.array == [0, 0.5, 0.5, 0])
    #expect(abs(logTotal - 1.6931471805599454) < 1e-7)
  }
}
