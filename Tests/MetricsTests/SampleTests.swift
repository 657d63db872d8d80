import Foundation
import Metrics
import Testing

@Suite struct `A sample` {
  @Test func `has mean, deviation and interval as by hand`() throws {
    // Deviations -1, 0, 1: s² = 2 / 2; the bound for two degrees of freedom is 4.302653.
    let sample = try #require(Sample([4, 5, 6]))
    #expect(sample.count == 3 && sample.mean == 5 && sample.standardDeviation == 1)
    let half = try #require(sample.halfWidth95)
    #expect(abs(half - 4.302653 / 1.7320508) < 1e-6)
    #expect(sample.interval95 == 5 - half...5 + half)
    // Two values a apart: s = a/√2, so half the width is 12.7062 · a / 2.
    let pair = try #require(Sample([1, 3])?.halfWidth95)
    #expect(abs(pair - 12.7062) < 1e-9)
  }

  @Test func `of one value has no interval, and of none does not exist`() throws {
    let one = try #require(Sample([0.5]))
    #expect(one.mean == 0.5 && one.count == 1)
    #expect(one.standardDeviation == nil && one.halfWidth95 == nil && one.interval95 == nil)
    #expect(Sample([]) == nil)
  }

  @Test(arguments: [0.1, 1e9, 1.0 / 3]) func `of equal values has exactly no width`(value: Double)
    throws
  {
    let sample = try #require(Sample([value, value, value]))
    #expect(sample.mean == value && sample.halfWidth95 == 0)
  }

  @Test func `keeps its digits far from zero`() throws {
    let sample = try #require(Sample([1e9 + 1, 1e9 + 2, 1e9 + 3]))
    #expect(sample.mean == 1e9 + 2 && sample.standardDeviation == 1)
  }
}

@Suite struct `Student's t` {
  /// P(|T| ≤ t) by Simpson's rule over the density, which is built by a recurrence of its constant.
  private func probability(within t: Double, degreesOfFreedom: Int) -> Double {
    // Γ((v+1)/2) / (√(vπ) Γ(v/2)): 1/π for one, 1/(2√2) for two.
    let v = Double(degreesOfFreedom)
    let logarithm = lgamma((v + 1) / 2) - lgamma(v / 2)
    let constant = exp(logarithm) / (v * .pi).squareRoot()
    func density(_ x: Double) -> Double { constant * pow(1 + x * x / v, -(v + 1) / 2) }
    let count = 4_000
    let h = t / Double(count)
    var sum = density(0) + density(t)
    for index in 1..<count { sum += density(Double(index) * h) * (index % 2 == 1 ? 4 : 2) }
    return 2 * sum * h / 3
  }

  @Test(arguments: Array(1...45) + [60, 120, 1_000])
  func `holds 95 per cent within its bound`(degreesOfFreedom: Int) {
    let bound = StudentT.bound95(degreesOfFreedom: degreesOfFreedom)
    let found = probability(within: bound, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(found - 0.95) < 5e-7)
  }

  @Test func `falls towards the normal bound`() {
    let bounds = (1...200).map { StudentT.bound95(degreesOfFreedom: $0) }
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 > $1 })
    #expect(abs(StudentT.bound95(degreesOfFreedom: 1_000_000) - 1.959966) < 1e-6)
  }
}
