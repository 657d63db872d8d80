import Archives
import Compression
import Tensors

/// What a worker remembers of one block of its pushes: the parts in which it is encoded, each with
/// its own error feedback.
///
/// Most codecs take a block as it is. A low-rank code wants matrices: there a block falls into the
/// parts of the layers' matrices that lie in it, and what is no matrix goes as it is.
struct BlockMemory: Sendable {
  private let parts: [MatrixPart]
  private var memories: [ErrorFeedback]

  /// - Parameters:
  ///   - block: Of the flat parameter vector.
  ///   - residual: What was left out before; of the block's length, or of its open places'.
  init(
    _ block: Range<Int>, count: Int, layout: ParameterLayout, codec: Codec,
    options: ErrorFeedback.Options, residual: Vector? = nil
  ) {
    if case .powerSGD = codec, count == block.count {
      parts = MatrixPart.parts(of: block, layout: layout)
    } else {
      parts = [MatrixPart(range: 0..<count, shape: nil)]
    }
    let isCut = parts.count > 1
    // What goes as it is has no residual, and nothing is done to it first.
    let options = codec == .none ? ErrorFeedback.Options(isEnabled: false) : options
    memories = parts.map { part in
      ErrorFeedback(
        count: part.range.count, codec: isCut && part.shape == nil ? .none : codec,
        options: options, shape: part.shape.map { ($0.rows, $0.columns) },
        residual: residual.map { isCut ? Vector(copying: $0[part.range]) : $0 })
    }
  }

  mutating func encode(
    _ gradient: VectorView, step: Int, draws: inout RandomStream, indexSeed: RandomStream,
    ranking: VectorView?
  ) throws(CodecError) -> [UInt8] {
    var payloads: [[UInt8]] = []
    for (index, part) in parts.enumerated() {
      payloads.append(
        try memories[index].encode(
          gradient: gradient[part.range], step: step, draws: &draws, indexSeed: indexSeed,
          ranking: ranking?[part.range]))
    }
    return payloads.count == 1 ? payloads[0] : ChangeChain.encode(payloads)
  }

  /// The vector of a payload.
  static func decode(
    _ bytes: [UInt8], _ block: Range<Int>, count: Int, layout: ParameterLayout, codec: Codec,
    indexSeed: RandomStream
  ) throws(CodecError) -> Vector {
    if case .powerSGD = codec, count == block.count {
      let parts = MatrixPart.parts(of: block, layout: layout)
      if parts.count > 1, let chain = ChangeChain.decode(bytes), chain.count == parts.count {
        let whole = Vector(uninitialized: count)
        for (part, payload) in zip(parts, chain) {
          let values = try Codec.decode(
            Array(payload), count: part.range.count, indexSeed: indexSeed
          ).dense
          whole.replace(from: part.range.lowerBound, with: values.view)
        }
        return whole
      }
    }
    return try Codec.decode(bytes, count: count, indexSeed: indexSeed).dense
  }

  /// What has not been sent.
  var residual: VectorView {
    if memories.count == 1 { return memories[0].residual }
    let whole = Vector(uninitialized: parts.reduce(0) { $0 + $1.range.count })
    for (part, memory) in zip(parts, memories) {
      whole.replace(from: part.range.lowerBound, with: memory.residual)
    }
    return whole.view
  }

  mutating func flush() -> Vector {
    let whole = Vector(uninitialized: parts.reduce(0) { $0 + $1.range.count })
    for (index, part) in parts.enumerated() {
      whole.replace(from: part.range.lowerBound, with: memories[index].flush().view)
    }
    return whole
  }

  mutating func cross(_ boundary: ErrorFeedback.Boundary) {
    for index in memories.indices { _ = memories[index].cross(boundary) }
  }
}

/// A part of a block: of one layer's matrix, row by row, or of something that is none.
struct MatrixPart: Sendable, Equatable {
  struct Shape: Sendable, Equatable {
    /// The last row may be short.
    let rows: Int
    let columns: Int
  }

  /// Within the block.
  let range: Range<Int>
  let shape: Shape?

  /// All of a block, in order.
  static func parts(of block: Range<Int>, layout: ParameterLayout) -> [MatrixPart] {
    layout.tensors.flatMap { tensor -> [MatrixPart] in
      let part = tensor.range.clamped(to: block)
      guard !part.isEmpty else { return [] }
      let here = part.lowerBound - block.lowerBound..<part.upperBound - block.lowerBound
      guard tensor.shape.count == 2, tensor.shape[0] > 1, tensor.shape[1] > 1 else {
        return [MatrixPart(range: here, shape: nil)]
      }
      let columns = tensor.shape[1]
      // What is left of a row that began in the block before.
      let head = (columns - (part.lowerBound - tensor.offset) % columns) % columns
      guard here.count > head + columns else { return [MatrixPart(range: here, shape: nil)] }
      let start = here.lowerBound + head
      let rows = (here.upperBound - start + columns - 1) / columns
      let matrix = MatrixPart(
        range: start..<here.upperBound, shape: Shape(rows: rows, columns: columns))
      return head == 0
        ? [matrix] : [MatrixPart(range: here.lowerBound..<start, shape: nil), matrix]
    }
  }
}

extension BlockMemory: Saved {
  static let unsaved = ["parts"]

  func save(to archive: inout Archive) { archive.put("memories", states: memories) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("memories", into: &memories)
  }
}
