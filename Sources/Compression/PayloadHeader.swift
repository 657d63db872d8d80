/// The first byte of a payload.
enum PayloadKind: UInt8 {
  case none = 1, fp16, bf16, int8, int4, ternary, sign, sparse, randomK, lowRank, log8, places

  /// As in ``Codec/name``; `sparse` is what top-k and threshold write.
  var name: String {
    switch self {
    case .none: "none"
    case .fp16: "fp16"
    case .bf16: "bf16"
    case .int8: "int8"
    case .int4: "int4"
    case .ternary: "ternary"
    case .sign: "sign"
    case .sparse: "top-k"
    case .randomK: "random-k"
    case .lowRank: "powersgd"
    case .log8: "log8"
    case .places: "places"
    }
  }
}

/// What stands before the values: kind, count of values, parameters. Integers are written seven
/// bits a byte, the lowest first.
struct PayloadHeader {
  private(set) var bytes: [UInt8]

  init(_ kind: PayloadKind, count: Int) {
    precondition(count <= Int(Int32.max), "a block has at most 2^31 - 1 values")
    bytes = [kind.rawValue]
    append(count)
  }

  mutating func append(_ value: Int) {
    var rest = UInt64(value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func append(byte: UInt8) { bytes.append(byte) }

  mutating func append(_ value: Float) {
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
    }
  }

  /// The header followed by `bodyByteCount` bytes that `fill` writes, all of them. It may write up
  /// to eight bytes past the end.
  func payload(
    bodyByteCount: Int, _ fill: (UnsafeMutableRawPointer) -> Void
  ) -> [UInt8] {
    let byteCount = bytes.count + bodyByteCount
    return [UInt8](unsafeUninitializedCapacity: byteCount + 8) { buffer, initializedCount in
      let base = UnsafeMutableRawPointer(buffer.baseAddress!)
      bytes.withUnsafeBytes { base.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
      fill(base + bytes.count)
      initializedCount = byteCount
    }
  }
}

/// Reads a payload from its first byte on; throws where it ends too early or is not as written.
struct PayloadReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  private(set) var kind = PayloadKind.none

  /// Reads kind and count.
  init(_ bytes: UnsafeRawBufferPointer, count: Int) throws(CodecError) {
    self.bytes = bytes
    let id = try byte()
    guard let kind = PayloadKind(rawValue: id) else { throw .unknownCodec(id: id) }
    self.kind = kind
    let claimed = try integer()
    guard claimed == count else { throw .wrongCount(claimed: claimed, expected: count) }
  }

  /// How many values a payload says that it has.
  static func claimedCount(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> Int {
    var reader = PayloadReader(rest: bytes)
    _ = try reader.byte()
    return try reader.integer()
  }

  private init(rest bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// What has not been read.
  var body: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[offset...]) }

  func damaged(_ reason: String) -> CodecError { .malformed(codec: kind.name, reason: reason) }

  mutating func byte() throws(CodecError) -> UInt8 {
    guard offset < bytes.count else {
      throw .wrongLength(byteCount: bytes.count, expected: offset + 1)
    }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// An integer below 2³¹ in its shortest form.
  mutating func integer() throws(CodecError) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      let next = try byte()
      value |= Int(next & 0x7F) << shift
      guard next < 0x80 else { continue }
      guard value <= Int(Int32.max), next != 0 || shift == 0 else { break }
      return value
    }
    throw damaged("a count in its header is no count")
  }

  /// A scale: finite, with its sign bit clear.
  mutating func scale() throws(CodecError) -> Float {
    var bits: UInt32 = 0
    for shift in stride(from: 0, to: 32, by: 8) { bits |= UInt32(try byte()) << UInt32(shift) }
    guard bits < 0x7F80_0000 else { throw damaged("a scale is negative or not finite") }
    return Float(bitPattern: bits)
  }

  /// The next `byteCount` bytes.
  mutating func take(_ byteCount: Int) throws(CodecError) -> UnsafeRawBufferPointer {
    guard byteCount <= bytes.count - offset else {
      throw .wrongLength(byteCount: bytes.count, expected: offset + byteCount)
    }
    defer { offset += byteCount }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
  }

  /// All the rest, which must have this many bytes.
  mutating func takeRest(_ byteCount: Int) throws(CodecError) -> UnsafeRawBufferPointer {
    guard byteCount == bytes.count - offset else {
      throw .wrongLength(byteCount: bytes.count, expected: offset + byteCount)
    }
    return try take(byteCount)
  }
}
