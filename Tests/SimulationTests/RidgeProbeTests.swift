import Tensors
import Testing

@testable import Training

@Suite struct `A ridge probe` {
  /// Three classes around points of the plane.
  private func cloud(_ seed: UInt64, count: Int) -> (features: [[Double]], labels: [Int]) {
    var random = RandomStream(seed: seed, purpose: .test)
    let centres = [[0.0, 4], [4, -2], [-4, -2]]
    let labels = (0..<count).map { 10 + $0 % 3 }
    let features = labels.map { label in
      centres[label - 10].map { $0 + Double(random.uniform()) * 2 - 1 }
    }
    return (features, labels)
  }

  @Test func `solves by factors what was multiplied`() {
    let matrix = [[4.0, 2, 0], [2, 5, 3], [0, 3, 6]]
    let factor = RidgeProbe.cholesky(matrix)
    // Rows end at the diagonal: 2; 1, 2; 0, 1.5, √3.75.
    #expect(factor[0] == [2] && factor[1] == [1, 2])
    #expect(factor[2][1] == 1.5 && abs(factor[2][2] - 3.75.squareRoot()) < 1e-12)
    let x = [1.0, -2, 0.5]
    let right = matrix.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(zip(RidgeProbe.solve(factor, right), x).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func `is by hand what least squares give`() {
    // x − x̄ = ∓1, K = ±1, λ = 0.01: the halves of y − ȳ shrink by 2 / 2.01, the sign stays.
    let probe = RidgeProbe([[1], [3]], labels: [7, 5])
    #expect(probe.answer([1.9]) == 7 && probe.answer([2.1]) == 5)
    // In the middle both are as good; the smaller label is the answer.
    #expect(probe.answer([2]) == 5)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `tells apart what lies apart, whatever its scale and its place`(seed: UInt64) {
    let (seen, new) = (cloud(seed, count: 30), cloud(seed + 100, count: 60))
    #expect(
      RidgeProbe(seen.features, labels: seen.labels).accuracy(new.features, labels: new.labels) == 1
    )
    func moved(_ rows: [[Double]]) -> [[Double]] { rows.map { $0.map { 1e-3 * $0 + 5 } } }
    let far = RidgeProbe(moved(seen.features), labels: seen.labels)
    #expect(far.accuracy(moved(new.features), labels: new.labels) == 1)
  }

  @Test func `without features says the most frequent label`() {
    let probe = RidgeProbe(Array(repeating: [0, 0], count: 5), labels: [1, 2, 2, 3, 2])
    #expect(probe.answer([0, 0]) == 2 && probe.answer([9, -9]) == 2)
    #expect(probe.accuracy([], labels: []) == 0)
  }
}
