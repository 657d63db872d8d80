import Tensors
import Testing

@testable import Compression

@Suite struct `Sparse payloads` {
  /// What a format makes of values: the dumb way.
  private func rounded(_ values: [Float], _ format: ValueFormat) -> [Float] {
    switch format {
    case .fp32: return values
    case .fp16: return (try? Codec.fp16.decoded(Vector(values)).array) ?? []
    case .int8:
      let step = (values.map(abs).max() ?? 0) / 127
      return values.map { step > 0 ? ($0 / step).rounded() * step : 0 }
    case .sign:
      let mean = values.map { Double(abs($0)) }.reduce(0, +) / Double(max(1, values.count))
      return values.map { $0.sign == .minus ? -Float(mean) : Float(mean) }
    }
  }

  @Test(arguments: ValueFormat.allCases, [0.001, 0.01, 0.3, 0.6, 0.97, 1])
  func `hold exactly the largest values`(format: ValueFormat, density: Double) throws {
    for count in [1, 10, 1000, 5000] {
      let x = gradient(count, seed: UInt64(count))
      let kept = max(1, Int((density * Double(count)).rounded()))
      let order = x.array.indices.sorted { abs(x[$0]) > abs(x[$1]) }.prefix(kept).sorted()
      let values = rounded(order.map { x[$0] }, format)
      let expected = Vector(count: count)
      for (index, value) in zip(order, values) { expected[index] = value }

      let y = try Codec.topK(density: density, values: format).decoded(x)
      for index in 0..<count {
        let error = abs(y[index] - expected[index])
        #expect(error <= abs(expected[index]) * 1e-6)
        if format == .fp32 { #expect(y[index] == expected[index]) }
      }
    }
  }

  @Test func `keep at least one value and round the rest`() {
    #expect(Codec.keptCount(of: 1000, density: 0.0001) == 1)
    #expect(Codec.keptCount(of: 1000, density: 0.0105) == 11)
    #expect(Codec.keptCount(of: 10, density: 1) == 10)
    #expect(Codec.keptCount(of: 0, density: 0.5) == 0)
  }

  @Test func `of top-k at one percent cost what the entropy says`() throws {
    let count = 47_841
    let payload = try Codec.topK(density: 0.01).payload(gradient(count, seed: 1))
    let bound = (32.0 * 478 + entropyBoundBits(count: count, k: 478)) / 8
    #expect(Double(payload.count) < 1.01 * bound)
  }

  @Test(arguments: ValueFormat.allCases)
  func `of a threshold may hold none or all`(format: ValueFormat) throws {
    let x = gradient(100, seed: 2)
    let none = try decodePayload(Codec.threshold(1e9, values: format).payload(x), count: 100)
    guard case .sparse(let indices, let values, 100) = none else {
      Issue.record("nothing is sparse")
      return
    }
    #expect(indices.isEmpty && values.isEmpty)
    let all = try Codec.threshold(0, values: format).decoded(x)
    #expect(zip(all.array, rounded(x.array, format)).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: ValueFormat.allCases)
  func `at random places need no indices`(format: ValueFormat) throws {
    let x = gradient(1000, seed: 3)
    let codec = Codec.randomK(density: 0.1, values: format)
    let payload = try codec.payload(x, seed: 5)
    #expect(payload.count == codec.byteCount(count: 1000))
    let places = Selection.drawn(100, of: 1000, seed: stream(5, step: 1))
    let values = rounded(places.map { x[Int($0)] }, format)
    guard case .sparse(places, let decoded, 1000) = try decodePayload(payload, count: 1000, seed: 5)
    else {
      Issue.record("the places are not those of the seed")
      return
    }
    for (value, expected) in zip(decoded, values) {
      let error = abs(value - expected)
      #expect(error <= abs(expected) * 1e-6)
    }
  }

  @Test(arguments: [ValueFormat.fp32, .int8])
  func `at random places are unbiased when scaled`(format: ValueFormat) throws {
    let (count, seedCount) = (60, 4000)
    let codec = Codec.randomK(density: 0.25, values: format, isUnbiased: true)
    let x = gradient(count, seed: 4)
    let peak = Double(x.array.map(abs).max()!)
    var sums = [Double](repeating: 0, count: count)
    for seed in 0..<seedCount as Range<Int> {
      let y = try codec.decoded(x, seed: UInt64(seed))
      for index in 0..<count { sums[index] += Double(y[index]) }
    }
    for index in 0..<count {
      // Sent with probability ¼ and times four: variance 3x². int8 adds less than a step squared.
      let step = format == .int8 ? 4 * peak / 127 : 0
      let variance = 3 * Double(x[index]) * Double(x[index]) + step * step
      let deviation = (variance / Double(seedCount)).squareRoot() + 1e-7
      let error = sums[index] / Double(seedCount) - Double(x[index])
      #expect(abs(error) < 5 * deviation)
    }
  }

  @Test func `at random places refuse what overflows when scaled`() throws {
    let x = Vector([Float](repeating: 1e38, count: 100))
    let codec = Codec.randomK(density: 0.1, isUnbiased: true)
    let first = Int(Selection.drawn(10, of: 100, seed: stream(0, step: 1))[0])
    #expect(
      throws: CodecError.beyondRange(index: first, limit: .greatestFiniteMagnitude / 10)
    ) { try codec.payload(x) }
    #expect(try Codec.randomK(density: 0.1).decoded(x).array.contains(1e38))
  }
}
