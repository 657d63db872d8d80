import CKernels
import Tensors
import Testing

@testable import Compression

/// Halves by their definition, and rounding by search among all of them.
private enum Half {
  /// All finite halves that are not negative, in order: a value's place is its bit pattern.
  static let magnitudes: [Double] = (0..<0x7C00).map { bits in
    let (exponent, fraction) = (bits >> 10, Double(bits & 0x3FF) / 1024)
    let power = Double(sign: .plus, exponent: max(exponent, 1) - 15, significand: 1)
    return (exponent == 0 ? fraction : 1 + fraction) * power
  }

  /// The nearest one, of two equally near ones the even.
  static func bits(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = Double(abs(value))
    var (low, high) = (0, magnitudes.count)
    while low < high {
      let middle = (low + high) / 2
      if magnitudes[middle] < magnitude { low = middle + 1 } else { high = middle }
    }
    // The first that is not below. One past the largest counts as 65536.
    let above = low < magnitudes.count ? magnitudes[low] : 65536
    guard low > 0, magnitude != above else { return sign | UInt16(low) }
    let (down, up) = (magnitude - magnitudes[low - 1], above - magnitude)
    let isDown = down < up || down == up && low % 2 == 1
    return sign | UInt16(isDown ? low - 1 : low)
  }
}

@Suite struct `Codes of single values` {
  @Test func `every half comes back as it is`() throws {
    let all = Half.magnitudes.map { Float($0) }
    let x = Vector(all + all.map { -$0 })
    #expect(try Codec.fp16.decoded(x).array.map(\.bitPattern) == x.array.map(\.bitPattern))
  }

  private func floats(seed: UInt64) -> [Float] {
    var draws = stream(seed)
    let halves = Half.magnitudes
    // Exponents around the range of halves, ties, their neighbours, and the ends.
    var values: [Float] = (0..<4000).map { _ in
      let exponent = draws.index(below: 45) - 28
      let value = Float(sign: .plus, exponent: exponent, significand: 1 + draws.uniform())
      return draws.nextWord() & 1 == 0 ? value : -value
    }
    for _ in 0..<2000 {
      let place = draws.index(below: halves.count - 1)
      let tie = Float((halves[place] + halves[place + 1]) / 2)
      values += [tie, tie.nextUp, tie.nextDown, -tie]
    }
    let ends: [Float] = [
      65519.996, 65504, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0x1p-149, 0x1p-14, 0x1.ffffp-15, 0, -0.0,
    ]
    return values.filter { abs($0) < 65520 } + ends
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `halves round like a search among all halves`(seed: UInt64) throws {
    let x = Vector(floats(seed: seed))
    let expected = x.array.map(Half.bits)
    for convert in [hebb_half_from_float, hebb_half_from_float_portable] {
      var bits = [UInt16](repeating: 0xDEAD, count: x.count + 1)
      convert(x.base, x.count, &bits)
      #expect(Array(bits.dropLast()) == expected)
      #expect(bits.last == 0xDEAD)
    }
    for convert in [hebb_float_from_half, hebb_float_from_half_portable] {
      let y = Vector(uninitialized: x.count)
      convert(expected, x.count, y.base)
      for (half, value) in zip(expected, y.array) {
        let magnitude = Float(Half.magnitudes[Int(half & 0x7FFF)])
        #expect(value.bitPattern == (half >= 0x8000 ? -magnitude : magnitude).bitPattern)
      }
    }
  }

  @Test(arguments: [Float.infinity, .nan, 65520, 1e30])
  func `what halves do not hold becomes infinite or NaN in both conversions`(value: Float) {
    let x = Vector([Float](repeating: value, count: 9))
    for convert in [hebb_half_from_float, hebb_half_from_float_portable] {
      var bits = [UInt16](repeating: 0, count: 9)
      convert(x.base, 9, &bits)
      #expect(bits.allSatisfy { $0 & 0x7FFF > 0x7C00 } == value.isNaN)
      #expect(bits.allSatisfy { $0 & 0x7C00 == 0x7C00 })
      for back in [hebb_float_from_half, hebb_float_from_half_portable] {
        let y = Vector(count: 9)
        back(bits, 9, y.base)
        #expect(y.array.allSatisfy { value.isNaN ? $0.isNaN : $0 == .infinity })
      }
    }
  }

  @Test func `fp16 refuses magnitudes that round to infinity`() throws {
    #expect(try Codec.fp16.decoded(Vector([65519.99])).array == [65504])
    #expect(throws: CodecError.beyondRange(index: 1, limit: 65520)) {
      try Codec.fp16.payload(Vector([1, -65520, 7e4]))
    }
    for codec in [Codec.topK(density: 1, values: .fp16), .randomK(density: 1, values: .fp16)] {
      #expect(throws: CodecError.beyondRange(index: 2, limit: 65520)) {
        try codec.payload(Vector([1, 2, 7e4]))
      }
    }
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `bf16 takes the nearest of both neighbours, of equally near ones the even`(seed: UInt64)
    throws
  {
    var draws = stream(seed)
    var values = (0..<3000).map { _ in Float(bitPattern: draws.nextWord()) }
      .filter { $0.magnitude < Float(bitPattern: 0x7F7F_8000) }
    values += values.prefix(500).map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000 | 0x8000) }
    let x = Vector(values.filter { $0.magnitude < Float(bitPattern: 0x7F7F_8000) })
    for (value, result) in zip(x.array, try Codec.bf16.decoded(x).array) {
      let below = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
      let above = Float(bitPattern: (value.bitPattern & 0xFFFF_0000) + 0x1_0000)
      let (down, up) = (abs(Double(value) - Double(below)), abs(Double(above) - Double(value)))
      let isDown = down < up || down == up && below.bitPattern >> 16 & 1 == 0
      #expect(result == (isDown ? below : above))
    }
    #expect(throws: CodecError.beyondRange(index: 0, limit: Float(bitPattern: 0x7F7F_8000))) {
      try Codec.bf16.payload(Vector([.greatestFiniteMagnitude]))
    }
  }

  @Test func `fp32 keeps every bit`() throws {
    var draws = stream(11)
    let x = Vector((0..<999).map { _ in Float(bitPattern: draws.nextWord() & 0xBFFF_FFFF) })
    #expect(try Codec.none.decoded(x).array.map(\.bitPattern) == x.array.map(\.bitPattern))
  }

  @Test func `a sign is one bit, times the mean magnitude`() throws {
    #expect(
      try Codec.sign.decoded(Vector([1, -2, 0, 5, -0.0])).array == [1.6, -1.6, 1.6, 1.6, -1.6])
    let x = gradient(1003, seed: 2)
    let mean = Float(x.array.reduce(0) { $0 + Double(abs($1)) } / 1003)
    let y = try Codec.sign.decoded(x)
    for (value, result) in zip(x.array, y.array) {
      #expect(abs(result - (value < 0 ? -mean : mean)) <= mean * 1e-6)
    }
    #expect(try Codec.sign.payload(Vector(count: 0)).count == 6)
  }
}
