import CKernels
import Tensors
import Testing

@testable import Streams

@Suite struct `Dirichlet law` {
  private func law(_ concentration: Double, _ count: Int, seed: Int) -> DirichletLaw {
    var random = RandomStream(seed: 9, purpose: .test, node: seed)
    return DirichletLaw(concentration: concentration, count: count, random: &random)
  }

  @Test(arguments: [0.3, 1, 2.5, 40])
  func `rests on draws with the gamma law's mean and variance`(shape: Double) {
    var random = RandomStream(seed: 1, purpose: .test)
    let draws = (0..<4000).map { _ in hebb_exp(random.logGamma(shape: shape)) }
    let (mean, variance) = moments(draws)
    // Five standard errors; the fourth central moment is 3a² + 6a.
    #expect(abs(mean - shape) < 5 * (shape / 4000).squareRoot())
    #expect(abs(variance - shape) < 5 * ((2 * shape * shape + 6 * shape) / 4000).squareRoot())
  }

  @Test(arguments: [0.1, 0.5, 1, 10], [2, 4])
  func `has the law's mean and variance`(beta: Double, count: Int) {
    let draws = (0..<2000).map { law(beta, count, seed: $0).shares(among: Array(0..<count)) }
    let even = 1 / Double(count)
    let expected = even * (1 - even) / (Double(count) * beta + 1)
    for entry in 0..<count {
      let (mean, variance) = moments(draws.map { $0[entry] })
      #expect(abs(mean - even) < 5 * (expected / 2000).squareRoot())
      // A square in 0…1 of mean v has a variance of v at most.
      #expect(abs(variance - expected) < 5 * (expected / 2000).squareRoot())
    }
  }

  @Test(arguments: [
    0.01, 0.001, 1e-100, 1e-300, .leastNonzeroMagnitude, 1e12, .greatestFiniteMagnitude,
  ])
  func `has proper shares at any concentration, among any entries`(beta: Double) {
    for seed in 0..<50 {
      let law = law(beta, 8, seed: seed)
      for entries in [Array(0..<8), [1, 5], [3]] {
        let shares = law.shares(among: entries)
        #expect(shares.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
      }
      #expect(law.shares(among: []) == [])
    }
  }

  @Test func `gives a few entries the shares they have among themselves`() {
    let law = DirichletLaw(logWeights: [hebb_log(1), hebb_log(2), hebb_log(5), -1e6, -1e6])
    let all = law.shares(among: Array(0..<5))
    for (share, expected) in zip(all, [0.125, 0.25, 0.625, 0, 0]) {
      #expect(abs(share - expected) < 1e-12)
    }
    for (share, expected) in zip(law.shares(among: [2, 0]), [5.0 / 6, 1.0 / 6]) {
      #expect(abs(share - expected) < 1e-12)
    }
    // Both far below any number, yet equal.
    #expect(law.shares(among: [3, 4]) == [0.5, 0.5])
  }

  @Test func `cuts at the nearest whole numbers`() {
    #expect(ranges(of: 10, shares: [0.25, 0.5, 0.25]) == [0..<3, 3..<8, 8..<10])
    #expect(ranges(of: 3, shares: [0, 1, 0]) == [0..<0, 0..<3, 3..<3])
    #expect(ranges(of: 0, shares: [0.5, 0.5]) == [0..<0, 0..<0])
    #expect(ranges(of: 5, shares: []) == [])
  }
}
