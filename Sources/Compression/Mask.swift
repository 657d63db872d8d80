public import Archives
public import Tensors

/// Some places of a block, ascending: those that a sender and a receiver have agreed to send.
///
/// Values at other places are not sent by any codec; what is sent is a shorter block.
public struct Mask: Sendable, Hashable {
  /// Ascending, below ``count``.
  public let indices: [Int32]
  /// Values in the block.
  public let count: Int

  init(indices: [Int32], count: Int) {
    self.indices = indices
    self.count = count
  }

  /// The places whose value is at most a limit. O(`x.count`).
  public init(of x: VectorView, atMost limit: Float) {
    count = x.count
    indices = (0..<x.count).compactMap { x.base[$0] <= limit ? Int32($0) : nil }
  }

  /// Whether all places are there.
  public var isWhole: Bool { indices.count == count }

  /// The values at these places.
  public func gather(_ x: VectorView) -> Vector {
    precondition(x.count == count, "the block has another length")
    let result = Vector(uninitialized: indices.count)
    for (place, index) in indices.enumerated() { result.base[place] = x.base[Int(index)] }
    return result
  }

  /// The block with zeros at all other places.
  public func scatter(_ values: VectorView) -> Vector {
    precondition(values.count == indices.count, "there are more or fewer values than places")
    let result = Vector(count: count)
    for (place, index) in indices.enumerated() { result.base[Int(index)] = values.base[place] }
    return result
  }

  // MARK: Bytes

  /// The shorter of the gaps of these places or of all others, a bitmap, or nothing for all.
  public func encode() -> [UInt8] {
    let others = complement
    let isInverted = others.count < indices.count
    let listed = isInverted ? others : indices
    let gaps = IndexPlan.gaps(listed)
    let plan = IndexPlan(gaps: gaps, count: count, zeroByteCount: nil)
    var header = PayloadHeader(.places, count: count)
    header.append(byte: plan.code | (isInverted ? 4 : 0))
    header.append(listed.count)
    return header.payload(bodyByteCount: plan.byteCount(count: count)) {
      plan.encode(listed, gaps: gaps, count: count, into: $0)
    }
  }

  /// The places that were encoded.
  ///
  /// - Parameter count: Values in the block, known to the receiver.
  public static func decode(_ bytes: [UInt8], count: Int) throws(CodecError) -> Mask {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(CodecError) in try decode(buffer, count: count) }
    }
    return try result.get()
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, count: Int
  ) throws(CodecError) -> Mask {
    var reader = try PayloadReader(bytes, count: count)
    guard reader.kind == .places else { throw reader.damaged("it lists no places") }
    let flags = try reader.byte()
    let listedCount = try reader.integer()
    guard listedCount <= count, flags < 8 else {
      throw reader.damaged("its header asks for what there is not")
    }
    let listed: [Int32]
    switch flags & 3 {
    case 0, 1:
      listed = try IndexPlan.decode(&reader, code: flags & 3, kept: listedCount, count: count)
    case 2 where listedCount == count:
      _ = try reader.takeRest(0)
      listed = (0..<Int32(count)).map { $0 }
    default: throw reader.damaged("its header asks for what there is not")
    }
    let places = Mask(indices: listed, count: count)
    return flags & 4 == 0 ? places : Mask(indices: places.complement, count: count)
  }

  private var complement: [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(count - indices.count)
    var next = indices.startIndex
    for place in 0..<Int32(count) {
      if next < indices.endIndex, indices[next] == place {
        next += 1
      } else {
        result.append(place)
      }
    }
    return result
  }
}

extension Mask: Storable {
  /// Places of a mask that was saved.
  private static let countMaximum = 1 << 24

  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("count", count)
    archive.put("places", bytes: encode())
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    let count = try reader.take("count", as: Int.self)
    let bytes = try reader.take(bytes: "places")
    // Whole blocks are short; a longer mask of few bytes would take memory that nothing stands for.
    guard (0...Self.countMaximum).contains(count),
      let mask = try? Mask.decode(bytes, count: count)
    else { throw reader.error("is no mask") }
    self = mask
  }
}
