import Testing

@testable import Tensors

@Suite struct `Random stream` {
  /// The published known-answer vectors of Philox4x32-10 (Random123, `kat_vectors`).
  @Test func `computes the known answers of Philox4x32-10`() {
    #expect(
      RandomStream.philox(counter: (0, 0, 0, 0), key: (0, 0))
        == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = UInt32.max
    #expect(
      RandomStream.philox(counter: (ones, ones, ones, ones), key: (ones, ones))
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      RandomStream.philox(
        counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: (0xa409_3822, 0x299f_31d0))
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func `deals the words of one block after the other under its key`() {
    var stream = RandomStream(seed: 0x0000_0002_0000_0001, purpose: .shuffle, node: 5, step: 9)
    for block in 0..<3 as Range<UInt32> {
      let expected = RandomStream.philox(
        counter: (block, 9, 5, RandomPurpose.shuffle.rawValue), key: (1, 2))
      let words = (stream.nextWord(), stream.nextWord(), stream.nextWord(), stream.nextWord())
      #expect(words == expected)
    }
  }

  @Test func `equal keys give equal draws and any other key different ones`() {
    func draws(
      seed: UInt64 = 1, purpose: RandomPurpose = .test, node: Int = 0, step: Int = 0
    ) -> [UInt64] {
      var stream = RandomStream(seed: seed, purpose: purpose, node: node, step: step)
      return (0..<4).map { _ in stream.next() }
    }
    #expect(draws() == draws())
    let others: [[UInt64]] = [
      draws(), draws(seed: 2), draws(seed: 1 << 32), draws(purpose: .delay), draws(node: 1),
      draws(step: 1),
    ]
    #expect(Set(others).count == others.count)
  }

  @Test func `one more draw in a stream moves no other stream`() {
    var shuffled = RandomStream(seed: 1, purpose: .shuffle)
    var noisy = RandomStream(seed: 1, purpose: .glyphNoise)
    let undisturbed = (0..<8).map { _ in noisy.nextWord() }
    noisy = RandomStream(seed: 1, purpose: .glyphNoise)
    let disturbed = (0..<8).map { _ in
      _ = shuffled.nextWord()
      return noisy.nextWord()
    }
    #expect(disturbed == undisturbed)
  }

  /// With this bound, taking the high half of the product without rejection gives the multiples of
  /// three half of all draws.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `an index below three quarters of the range is unbiased`(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .test)
    var counts = [0, 0, 0]
    let draws = 6000
    for _ in 0..<draws { counts[stream.index(below: 3 << 30) % 3] += 1 }
    // Five standard errors of a third.
    let tolerance = 5 * (Double(draws) * (1.0 / 3) * (2.0 / 3)).squareRoot()
    for count in counts { #expect(abs(Double(count) - Double(draws) / 3) < tolerance) }
  }

  @Test(arguments: [1, 2, 3, 7, 10])
  func `an index takes every value below its bound equally often`(bound: Int) {
    var stream = RandomStream(seed: 3, purpose: .test)
    var counts = [Int](repeating: 0, count: bound)
    let draws = 1000 * bound
    for _ in 0..<draws { counts[stream.index(below: bound)] += 1 }
    // Five standard errors of a count of 1000.
    for count in counts { #expect(abs(count - 1000) < 158) }
  }

  @Test(arguments: [0, 1, 2, 5, 100])
  func `a permutation holds every index once`(count: Int) {
    var stream = RandomStream(seed: 4, purpose: .permutation)
    #expect(stream.permutation(of: count).sorted() == Array(0..<count))
  }

  @Test func `all orders of three are equally likely`() {
    var stream = RandomStream(seed: 5, purpose: .permutation)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[stream.permutation(of: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    // Five standard errors of a count of 1000.
    for count in counts.values { #expect(abs(count - 1000) < 158) }
  }

  @Test func `uniform draws stay in their range and have its mean and variance`() {
    var stream = RandomStream(seed: 6, purpose: .test)
    let draws = (0..<4000).map { _ in stream.uniform(in: -2...4) }
    #expect(draws.allSatisfy { (-2...4).contains($0) })
    let mean = draws.reduce(0, +) / 4000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    // Five standard errors: √(3/4000) of the mean; the variance is 36/12.
    #expect(abs(mean - 1) < 5 * (3.0 / 4000).squareRoot())
    #expect(abs(variance - 3) < 0.25)
    let fractions = (0..<4000).map { _ in stream.uniform() }
    #expect(fractions.allSatisfy { (0..<1).contains($0) })
    let center = Double(fractions.reduce(0, +)) / 4000
    #expect(abs(center - 0.5) < 5 * (1.0 / 48_000).squareRoot())
  }

  @Test func `normal draws have the moments of the standard normal law`() {
    var stream = RandomStream(seed: 7, purpose: .test)
    let count = 8000
    let draws = (0..<count).map { _ in stream.normal() }
    func moment(_ power: Int) -> Double {
      draws.reduce(0) { sum, draw in sum + (0..<power).reduce(1) { product, _ in product * draw } }
        / Double(count)
    }
    // Five standard errors; the variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let tolerance = 5 * (variance / Double(count)).squareRoot()
      #expect(abs(moment(power) - expected) < tolerance)
    }
  }
}
