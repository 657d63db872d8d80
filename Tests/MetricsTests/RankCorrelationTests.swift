import Testing

@testable import Metrics

@Suite struct `A rank correlation` {
  @Test func `is one minus six sums of squared differences, by hand`() throws {
    // Ranks 1 2 3 4 5 against 2 1 4 3 5: squared differences 1 1 1 1 0, ρ = 1 − 6·4 / (5·24).
    let some = try #require(RankCorrelation([1, 20, 300, 4_000, 5e4], [-4, -5, 0, -1, 7]))
    #expect(abs(some.value - 0.8) < 1e-12 && some.count == 5)
    #expect(RankCorrelation([1, 2, 3], [9, 8, -7])?.value == -1)
  }

  @Test func `lets equal numbers share their ranks`() throws {
    #expect(RankCorrelation.ranks([7, 3, 7, 7, 1]) == [4, 2, 4, 4, 1])
    // Ranks 1.5 1.5 3 against 1 2 3: covariance 1.5, spreads 1.5 and 2.
    let tied = try #require(RankCorrelation([0, 0, 1], [1, 2, 3]))
    #expect(abs(tied.value - 1.5 / 3.0.squareRoot()) < 1e-12)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func `does not look at the numbers' sizes`(seed: UInt64) {
    var state = seed
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33)
    }
    let (x, y) = ((0..<20).map { _ in next() }, (0..<20).map { _ in next() })
    let plain = RankCorrelation(x, y)?.value
    #expect(plain != nil && plain == RankCorrelation(x.map { $0 * $0 * $0 }, y)?.value)
    #expect(plain == RankCorrelation(y, x)?.value)
  }

  @Test func `of too few things or of equal ones does not exist`() {
    #expect(RankCorrelation([1, 2], [1, 2]) == nil)
    #expect(RankCorrelation([1, 1, 1], [1, 2, 3]) == nil)
  }
}
