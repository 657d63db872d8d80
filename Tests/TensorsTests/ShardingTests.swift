import Testing

@testable import Tensors

@Suite struct `Even ranges` {
  @Test func `cover everything in order with sizes that differ by one, larger first`() {
    for count in 0...25 {
      for parts in 1...9 {
        let ranges = evenRanges(of: count, parts: parts)
        #expect(ranges.count == parts)
        #expect(ranges.flatMap { Array($0) } == Array(0..<count), "\(count) in \(parts)")
        let sizes = ranges.map(\.count)
        #expect(sizes == sizes.sorted(by: >))
        #expect(sizes[0] - sizes[parts - 1] <= 1)
      }
    }
  }

  @Test func `ten in four by hand`() {
    #expect(evenRanges(of: 10, parts: 4) == [0..<3, 3..<6, 6..<8, 8..<10])
  }

  @Test func `pieces cover a range in order, all full but the last`() {
    for length in 0...12 {
      for size in 1...5 {
        let range = 3..<3 + length
        let pieces = range.pieces(of: size)
        #expect(pieces.flatMap { Array($0) } == Array(range))
        #expect(pieces.dropLast().allSatisfy { $0.count == size })
        #expect(pieces.allSatisfy { !$0.isEmpty && $0.count <= size })
      }
    }
  }
}
