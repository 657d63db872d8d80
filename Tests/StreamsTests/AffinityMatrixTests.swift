import Tensors
import Testing

@testable import Streams

@Suite struct `A matrix of affinities` {
  @Test func `is the mean of its samples, place by place`() {
    let mean = AffinityMatrix(meanOf: [[[1, 0.5], [-1, 1]], [[1, 0], [0.5, 1]]])
    #expect(mean.values == [[1, 0.25], [-0.25, 1]])
  }

  @Test func `becomes distances by hand, whichever way is measured`() {
    let matrix = AffinityMatrix([[1, 0.75, .nan], [0.25, 1, -1], [0, -1, 1]])
    // 1 − (0.75 + 0.25) / 2; not a number: no affinity; 1 − (−1).
    #expect(matrix.distances == [[0, 0.5, 1], [0.5, 0, 2], [1, 2, 0]])
    // 1 + 2 is more than 0.5 + 2 and 0.5 + 1.
    #expect(matrix.order == [0, 2, 1])
    #expect(AffinityMatrix([]).order.isEmpty && AffinityMatrix([[1]]).order == [0])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `suggests the order that is best of all orders`(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .test)
    let count = 2 + Int(seed % 4)
    let matrix = AffinityMatrix(
      (0..<count).map { _ in (0..<count).map { _ in Double(random.index(below: 9)) / 8 } })
    func affinity(_ order: [Int]) -> Double {
      zip(order, order.dropFirst()).reduce(0) {
        $0 + matrix.values[$1.0][$1.1] + matrix.values[$1.1][$1.0]
      }
    }
    func orders(of rest: [Int]) -> [[Int]] {
      rest.isEmpty
        ? [[]] : rest.flatMap { one in orders(of: rest.filter { $0 != one }).map { [one] + $0 } }
    }
    let least = orders(of: Array(0..<count)).map(affinity).min()
    #expect(matrix.order.sorted() == Array(0..<count) && affinity(matrix.order) == least)
  }

  @Test func `of many tasks still has each once`() {
    let many = AffinityMatrix((0..<15).map { row in (0..<15).map { Double((row * $0) % 7) / 7 } })
    #expect(many.order.sorted() == Array(0..<15))
  }
}
