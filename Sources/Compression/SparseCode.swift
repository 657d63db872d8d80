import Tensors

/// Payloads of some of a block's values: top-k and threshold with their indices, random-k without.
///
/// After the header stand the values, then the index section, which is all the rest.
struct SparseCode {
  let format: ValueFormat

  /// Values at ascending `indices`.
  func encode(_ x: VectorView, indices: [Int32]) throws(CodecError) -> [UInt8] {
    try checkRange(x, indices)
    let gaps = IndexPlan.gaps(indices)
    let plan = IndexPlan(gaps: gaps, count: x.count, zeroByteCount: format.zeroByteCount)
    var values = gather(x, indices)
    if plan == .every {
      values = [Float](repeating: 0, count: x.count)
      for index in indices { values[Int(index)] = x.base[Int(index)] }
    }
    var header = PayloadHeader(.sparse, count: x.count)
    header.append(byte: plan.code | format.code << 2)
    header.append(indices.count)
    let coder = SparseValues(format: format)
    let valueByteCount = coder.byteCount(values.count)
    return header.payload(bodyByteCount: valueByteCount + plan.byteCount(count: x.count)) { body in
      values.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        coder.encode(base, count: $0.count, dither: nil, into: body)
      }
      plan.encode(indices, gaps: gaps, count: x.count, into: body + valueByteCount)
    }
  }

  static func decode(_ reader: inout PayloadReader, count: Int) throws(CodecError) -> Decoded {
    let flags = try reader.byte()
    let kept = try reader.integer()
    guard kept <= count, let format = ValueFormat(code: flags >> 2), flags & 3 <= 2 else {
      throw reader.damaged("its header asks for what there is not")
    }
    let coder = SparseValues(format: format)
    if flags & 3 == 2 {
      let body = try reader.takeRest(coder.byteCount(count))
      let values = try coder.decode(body, count: count, for: reader)
      guard values.reduce(into: 0, { $0 += $1 == 0 ? 0 : 1 }) <= kept else {
        throw reader.damaged("it holds more values than it counts")
      }
      return .whole(Vector(values))
    }
    let values = try coder.decode(
      try reader.take(coder.byteCount(kept)), count: kept, for: reader)
    let indices = try IndexPlan.decode(&reader, code: flags & 3, kept: kept, count: count)
    return .sparse(indices: indices, values: values, count: count)
  }
}

extension SparseCode {
  /// `kept` values at places drawn from `indexSeed`.
  func encodeRandom(
    _ x: VectorView, kept: Int, isUnbiased: Bool, indexSeed: RandomStream,
    draws: inout RandomStream
  ) throws(CodecError) -> [UInt8] {
    let indices = Selection.drawn(kept, of: x.count, seed: indexSeed)
    try checkRange(x, indices)
    let values = gather(x, indices)
    let factor = isUnbiased ? Self.factor(kept: kept, count: x.count) : 1
    if let place = values.firstIndex(where: { !($0 * factor).isFinite }) {
      throw .beyondRange(
        index: Int(indices[place]), limit: .greatestFiniteMagnitude / factor)
    }
    var header = PayloadHeader(.randomK, count: x.count)
    header.append(byte: format.code << 1 | (isUnbiased ? 1 : 0))
    header.append(kept)
    let coder = SparseValues(format: format)
    let dither = isUnbiased && format == .int8 ? DitherKey(&draws) : nil
    return header.payload(bodyByteCount: coder.byteCount(kept)) { body in
      values.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        coder.encode(base, count: $0.count, dither: dither, into: body)
      }
    }
  }

  static func decodeRandom(
    _ reader: inout PayloadReader, count: Int, indexSeed: RandomStream
  ) throws(CodecError) -> Decoded {
    let flags = try reader.byte()
    let kept = try reader.integer()
    guard kept <= count, let format = ValueFormat(code: flags >> 1) else {
      throw reader.damaged("its header asks for what there is not")
    }
    let coder = SparseValues(format: format)
    let body = try reader.takeRest(coder.byteCount(kept))
    var values = try coder.decode(body, count: kept, for: reader)
    if flags & 1 == 1 {
      let factor = factor(kept: kept, count: count)
      for index in values.indices { values[index] *= factor }
      guard values.allSatisfy(\.isFinite) else { throw reader.damaged("a value is not finite") }
    }
    let indices = Selection.drawn(kept, of: count, seed: indexSeed)
    return .sparse(indices: indices, values: values, count: count)
  }

  /// n / k
  private static func factor(kept: Int, count: Int) -> Float {
    Float(Double(count) / Double(max(kept, 1)))
  }
}

extension SparseCode {
  private func gather(_ x: VectorView, _ indices: [Int32]) -> [Float] {
    indices.map { x.base[Int($0)] }
  }

  /// Halves have less range than the input.
  private func checkRange(_ x: VectorView, _ indices: [Int32]) throws(CodecError) {
    guard format == .fp16 else { return }
    if let index = indices.first(where: { abs(x.base[Int($0)]) >= halfLimit }) {
      throw .beyondRange(index: Int(index), limit: halfLimit)
    }
  }
}
