import CKernels
import Tensors
import Testing

@testable import Compression

@Suite struct `Stochastic rounding` {
  /// Twin of the kernel, one value at a time.
  private func code(
    _ value: Float, at index: UInt32, inverse: Float, levels: Float, key: (UInt32, UInt32)
  ) -> Int8 {
    var hash = index &* 0x9E37_79B9 &+ key.0
    hash ^= hash >> 16
    hash = hash &* 0x7FEB_352D
    hash ^= hash >> 15
    hash = hash &+ key.1
    hash = hash &* 0x846C_A68B
    hash ^= hash >> 16
    let uniform = Float(hash >> 8) * 0x1p-24 - 0.5
    let product = value * inverse
    let bounded = min(levels, max(-levels, product + uniform))
    return Int8(bounded.rounded(.toNearestOrEven))
  }

  @Test(arguments: [1, 7, 127] as [Float], [1, 15, 16, 31, 100, 1000])
  func `is done by the kernel as by its twin`(levels: Float, count: Int) {
    let x = gradient(count, seed: UInt64(count))
    let peak = x.array.map(abs).max()!
    let key: (UInt32, UInt32) = (0xDEAD_BEEF, 0x1234_5678)
    var codes = [Int8](repeating: 99, count: count + 1)
    hebb_quantize(
      x.base, count, levels / peak, levels, 4_294_967_290, key.0, key.1, &codes)
    for index in 0..<count {
      let expected = code(
        x[index], at: 4_294_967_290 &+ UInt32(index), inverse: levels / peak, levels: levels,
        key: key)
      #expect(codes[index] == expected)
    }
    #expect(codes[count] == 99)
  }

  private static let codecs: [(Codec, levels: Int, bucket: Int)] = [
    (.int8(bucket: 64), 127, 64), (.int4(bucket: 64), 7, 64), (.ternary(bucket: 64), 1, 64),
    (.int4(bucket: 11), 7, 11), (.ternary(bucket: 11), 1, 11), (.int8(bucket: 5000), 127, 5000),
  ]

  @Test(arguments: codecs)
  func `moves a value by less than a step, to one of the levels`(
    codec: Codec, levels: Int, bucket: Int
  ) throws {
    let x = gradient(300, seed: 2)
    let y = try codec.decoded(x)
    for range in (0..<300).pieces(of: bucket) {
      let scale = range.map { abs(x[$0]) }.max()!
      let step = scale / Float(levels)
      for index in range {
        #expect(abs(x[index] - y[index]) <= step * 1.0001)
        let level = y[index] / step
        #expect(abs(level - level.rounded()) < 1e-4)
        #expect(abs(y[index]) <= scale * 1.0001)
      }
    }
  }

  /// Σ over seeds of the decoded values against the input, in standard errors.
  @Test(arguments: codecs)
  func `is unbiased over the seeds`(codec: Codec, levels: Int, bucket: Int) throws {
    let (count, seedCount) = (250, 2000)
    let x = gradient(count, seed: 3)
    var sums = [Double](repeating: 0, count: count)
    for seed in 0..<seedCount {
      let y = try codec.decoded(x, seed: UInt64(seed))
      for index in 0..<count { sums[index] += Double(y[index]) }
    }
    var total = 0.0
    for range in (0..<count).pieces(of: bucket) {
      let scale = Double(range.map { abs(x[$0]) }.max()!)
      for index in range {
        let level = abs(Double(x[index])) / scale * Double(levels)
        let fraction = level - level.rounded(.down)
        // Of a Bernoulli mean; the last term stands for the rounding of fp32.
        let deviation =
          scale / Double(levels)
          * ((fraction * (1 - fraction) / Double(seedCount)).squareRoot() + 1e-4)
        let error = (sums[index] / Double(seedCount) - Double(x[index])) / deviation
        #expect(abs(error) < 5)
        total += error * error
      }
    }
    // A chi-square of `count` degrees, from which correlated draws would stand out.
    #expect(total < Double(count) + 5 * (2 * Double(count)).squareRoot())
  }

  @Test func `draws of neighbours, buckets and keys are unrelated`() {
    // Signs of the rounding errors of ½ steps; a pair agrees half of the time.
    let x = Vector([Float](repeating: 0.5, count: 20000))
    func codes(_ seed: UInt64) -> [Int8] {
      var draws = stream(seed)
      let key = DitherKey(&draws)
      var codes = [Int8](repeating: 0, count: x.count)
      hebb_quantize(x.base, x.count, 1, 1, 0, key.words.0, key.words.1, &codes)
      return codes
    }
    func agreement(_ a: ArraySlice<Int8>, _ b: ArraySlice<Int8>) -> Double {
      Double(zip(a, b).count { $0 == $1 }) / Double(min(a.count, b.count)) - 0.5
    }
    let first = codes(1)
    for lag in [1, 2, 3, 64, 512] {
      #expect(abs(agreement(first[...], first[lag...])) < 5 * 0.5 / 140)
    }
    for seed in 2..<20 as Range<UInt64> {
      #expect(abs(agreement(first[...], codes(seed)[...])) < 5 * 0.5 / 140)
    }
  }

  @Test func `a bucket's scale does not reach its neighbours`() throws {
    var values = [Float](repeating: 1e-3, count: 128)
    values[100] = 1000
    let y = try Codec.int8(bucket: 64).decoded(Vector(values))
    #expect(y.array.prefix(64).allSatisfy { abs($0 - 1e-3) < 1e-5 })
  }

  @Test(arguments: [Float.greatestFiniteMagnitude, 1e-30, 0x1p-120, 0x1p-121, 0x1p-146])
  func `works at the ends of the range`(peak: Float) throws {
    let x = Vector([peak, -peak, 0, peak / 2])
    for codec in [Codec.int8(), .int4(), .ternary()] {
      let y = try codec.decoded(x)
      #expect(y[2] == 0)
      if peak < 0x1p-120 {
        #expect(y.array == [0, 0, 0, 0])
      } else {
        #expect(abs(y[0] / peak - 1) < 1e-6 && abs(y[1] / peak + 1) < 1e-6)
      }
    }
  }
}
