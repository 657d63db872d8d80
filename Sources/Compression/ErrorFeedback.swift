public import Archives
public import Tensors

/// A sender's memory of what its codec left out.
///
/// Without momentum, whatever the codec and however many the steps:
///
///     Σ decoded + residual = Σ gradients        (scaled down where a norm limit says so)
///
/// to the rounding of fp32. With momentum correction μ, velocities take the place of gradients:
/// u ← μu + g, v ← v + u, sent is codec(v), and v loses what was sent.
///
/// - Source: Karimireddy et al. 2019; Lin et al. 2018 (DGC), §3.
public struct ErrorFeedback: Sendable {
  /// Number of values.
  public let count: Int
  /// What encodes, but for a warm-up.
  public let codec: Codec
  /// What is done besides.
  public let options: Options

  private let shape: (rows: Int, columns: Int)?
  /// v, the residual; `nil` while it is zero.
  private var memory: Vector?
  /// u, empty without momentum.
  private var velocity: Vector
  /// Q of the last low-rank payload.
  private var factor: [Float] = []

  /// - Parameters:
  ///   - count: Values of every gradient.
  ///   - shape: For ``Codec/powerSGD(rank:)``, which starts from its last Q here.
  ///   - residual: What was left out before, `count` values; zeros if `nil`.
  public init(
    count: Int, codec: Codec, options: Options = Options(),
    shape: (rows: Int, columns: Int)? = nil, residual: Vector? = nil
  ) {
    precondition(residual.map { $0.count == count } ?? true, "the residual has another length")
    precondition(count >= 0, "a gradient has no negative length")
    precondition(options.momentum >= 0 && options.momentum < 1, "momentum is in 0..<1")
    precondition(options.normMaximum.map { $0 > 0 } ?? true, "a norm's limit is positive")
    self.count = count
    self.codec = codec
    self.options = options
    self.shape = shape
    memory = residual
    velocity = Vector(count: options.momentum > 0 ? count : 0)
  }

  /// What has not been sent, `count` values; zeros without feedback.
  public var residual: VectorView { (memory ?? Vector(count: count)).view }

  /// Encodes a gradient together with what was left out before, and keeps what is left out now.
  ///
  /// A gradient that is not finite is refused and changes nothing. If the codec refuses the sum,
  /// nothing counts as sent; under feedback the sum stays in the residual.
  ///
  /// - Parameters:
  ///   - step: Counted from 0; for the warm-up.
  ///   - draws: As for ``Codec/encode(_:draws:indexSeed:shape:)``.
  ///   - indexSeed: As there.
  ///   - ranking: For top-k, what each magnitude is multiplied by before the largest are chosen,
  ///     `count` values ≥ 0; ones if `nil`.
  public mutating func encode(
    gradient: VectorView, step: Int, draws: inout RandomStream, indexSeed: RandomStream,
    ranking: VectorView? = nil
  ) throws(CodecError) -> [UInt8] {
    precondition(gradient.count == count, "the gradient has another length")
    _ = try finitePeak(gradient)
    let sum = ownMemory()
    accumulate(gradient, in: sum)
    // Without feedback the memory is scratch, whatever happens.
    defer { if !options.isEnabled { memory = nil } }
    let payload = try encode(
      sum.view, step: step, draws: &draws, indexSeed: indexSeed, ranking: ranking)
    let isMasked = options.isMasked && velocity.count > 0
    guard options.isEnabled || isMasked else { return payload }
    let sent = try Codec.decode(payload, count: count, indexSeed: indexSeed)
    if isMasked, case .sparse(let indices, _, _) = sent {
      for index in indices { velocity.base[Int(index)] = 0 }
    }
    if options.isEnabled { sent.addScaled(-1, to: sum.base) }
    return payload
  }

  private mutating func encode(
    _ sum: VectorView, step: Int, draws: inout RandomStream, indexSeed: RandomStream,
    ranking: VectorView?
  ) throws(CodecError) -> [UInt8] {
    if case .powerSGD = codec {
      return try codec.encodeLowRank(sum, start: &factor, draws: &draws, shape: shape)
    }
    let codec = codec.warmed(options.warmUp, step: step)
    if let ranking, case .topK(let density, let values) = codec {
      return try codec.encodeRanked(sum, by: ranking, density: density, values)
    }
    return try codec.encode(sum, draws: &draws, indexSeed: indexSeed, shape: shape)
  }

  /// Takes the residual out of the memory, to be sent as it is. With masking the momentum goes, as
  /// it does for every value that is sent.
  public mutating func flush() -> Vector {
    let residual = memory ?? Vector(count: count)
    memory = nil
    if options.isMasked { velocity = Vector(count: velocity.count) }
    return residual
  }

  /// Forgets residual, momentum and the low-rank start.
  public mutating func drop() {
    memory = nil
    velocity = Vector(count: velocity.count)
    factor = []
  }

  /// What becomes of a residual when a task ends.
  public enum Boundary: String, Sendable, Hashable, Codable, CaseIterable {
    /// It goes on into the next task.
    case keep
    /// It is sent as it is.
    case flush
    /// It is forgotten.
    case drop
  }

  /// Crosses the boundary of a task.
  ///
  /// - Returns: What is to be sent as it is: for `flush`.
  public mutating func cross(_ boundary: Boundary) -> Vector? {
    switch boundary {
    case .keep: return nil
    case .flush: return flush()
    case .drop:
      drop()
      return nil
    }
  }
}

extension ErrorFeedback {
  /// The residual to be written: a copy of this value, or a view of it, must not see the step.
  private mutating func ownMemory() -> Vector {
    if !isKnownUniquelyReferenced(&velocity) { velocity = Vector(copying: velocity.view) }
    let isOwn = isKnownUniquelyReferenced(&memory)
    let own = memory.map { isOwn ? $0 : Vector(copying: $0.view) } ?? Vector(count: count)
    memory = own
    return own
  }

  /// u ← μu + g, v ← v + u; v ← v + g without momentum.
  private func accumulate(_ gradient: VectorView, in sum: Vector) {
    let (g, v) = (gradient.base, sum.base)
    var scale: Float = 1
    if let limit = options.normMaximum {
      let norm = Kernels.sumOfSquares(g, count: count).squareRoot()
      if norm > Double(limit) { scale = Float(Double(limit) / norm) }
    }
    guard velocity.count > 0 else {
      for index in 0..<count { v[index] += scale * g[index] }
      return
    }
    let (u, momentum) = (velocity.base, options.momentum)
    for index in 0..<count {
      let fresh = momentum * u[index] + scale * g[index]
      u[index] = fresh
      v[index] += fresh
    }
  }
}

extension ErrorFeedback: Saved {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved = ["count", "codec", "options", "shape"]

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("memory", memory?.view)
    archive.put("velocity", velocity.view)
    archive.put("factor", Vector(factor).view)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let residual = try reader.take("memory", as: VectorView?.self)
    guard residual.map({ $0.count == count }) ?? true else {
      throw reader.error("is of another block")
    }
    memory = residual.map { Vector(copying: $0) }
    velocity = try reader.take("velocity", count: velocity.count)
    factor = try reader.take("factor", as: VectorView.self).array
  }
}
