import Tensors
import Testing

@testable import Compression

@Suite struct `The selection` {
  /// The dumb way: sort everything.
  private func sorted(_ x: Vector) -> (_ kept: Int) -> [Int32] {
    let magnitudes = x.array.map(abs)
    let order = magnitudes.indices.sorted {
      magnitudes[$0] > magnitudes[$1] || magnitudes[$0] == magnitudes[$1] && $0 < $1
    }
    return { order.prefix($0).sorted().map(Int32.init) }
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `finds the largest like a sort`(seed: UInt64) {
    for count in [1, 2, 17, 300, 2500, 12000] {
      let x = gradient(count, seed: seed)
      let expected = sorted(x)
      for kept in Set([0, 1, 2, count / 100, count / 10, count / 4, count / 2, count - 1, count])
        .sorted() where kept <= count && kept >= 0
      {
        #expect(Selection.largest(kept, of: x.view) == expected(kept))
      }
    }
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `takes the first of equal magnitudes`(seed: UInt64) {
    var draws = stream(seed)
    for count in [10, 1000, 9000] {
      // Few magnitudes, both signs, most of them zero.
      let x = Vector((0..<count).map { _ in Float(max(-2, draws.index(below: 9) - 6)) })
      let expected = sorted(x)
      for kept in [1, count / 50 + 1, count / 3, count - 1] {
        #expect(Selection.largest(kept, of: x.view) == expected(kept))
      }
    }
    let same = Vector([Float](repeating: -3, count: 5000))
    #expect(Selection.largest(70, of: same.view) == (0..<70).map { $0 })
  }

  @Test func `a misleading sample does not matter`() {
    // All large values in one stretch that samples hardly touch, and the reverse.
    for isSmallStretch in [false, true] {
      let x = gradient(40000, seed: 4)
      for index in 0..<40000 where (20000..<20300).contains(index) != isSmallStretch {
        x[index] *= 1e-6
      }
      #expect(Selection.largest(400, of: x.view) == sorted(x)(400))
    }
    // A period that beats with the sample's stride.
    let x = gradient(16384 * 4, seed: 5)
    for index in 0..<x.count where index % 8 != 3 { x[index] = 0 }
    #expect(Selection.largest(655, of: x.view) == sorted(x)(655))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `finds an order statistic like a sort`(seed: UInt64) {
    var draws = stream(seed)
    let bits = UInt32(1 + seed)
    let numbers = (0..<200).map { _ in draws.nextWord() >> (32 - min(bits, 31)) }
    let order = numbers.sorted(by: >)
    for rank in [1, 2, 50, 199, 200] {
      #expect(Selection.largest(rank, among: numbers) == order[rank - 1])
    }
  }

  @Test func `a threshold takes all magnitudes from it on`() {
    let x = Vector([0.5, -0.5, 0.1, 0.49999997, -2, 0])
    #expect(Selection.atLeast(0.5, of: x.view) == [0, 1, 4])
    #expect(Selection.atLeast(0, of: x.view) == [0, 1, 2, 3, 4, 5])
    #expect(Selection.atLeast(1e300, of: x.view) == [])
    // The nearest float to 0.1 is above 0.1; the float below it is below 0.1.
    #expect(Selection.atLeast(0.1, of: x.view) == [0, 1, 2, 3, 4])
    // No float lies between these two; the first is nearer to the float below.
    #expect(Selection.atLeast(0.5 + 1e-12, of: x.view) == [4])
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `random sets have the right size and ascend`(seed: UInt64) {
    for count in [1, 2, 63, 64, 65, 1000] {
      for kept in Set([0, 1, count / 3, count / 2, count - 1, count]) where kept >= 0 {
        let indices = Selection.drawn(kept, of: count, seed: stream(seed))
        #expect(indices.count == kept)
        #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
        #expect(indices.allSatisfy { $0 >= 0 && $0 < count })
      }
    }
  }

  @Test(arguments: [2, 4])
  func `random sets are all equally likely`(kept: Int) {
    // 15 sets each of 2 and 4 of 6; 6000 draws, so 400 of each with a deviation of 19.3.
    var tally = [Int](repeating: 0, count: 64)
    for seed in 0..<6000 as Range<UInt64> {
      let indices = Selection.drawn(kept, of: 6, seed: stream(seed))
      tally[indices.reduce(0) { $0 | 1 << Int($1) }] += 1
    }
    let seen = tally.filter { $0 > 0 }
    #expect(seen.count == 15)
    #expect(seen.allSatisfy { abs($0 - 400) < 97 })
  }
}
