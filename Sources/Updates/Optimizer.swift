public import Archives
import CKernels
import Tensors

/// An optimiser with its state for one shard. Reads weights and a direction, writes new weights.
///
/// Every element is computed on its own by the same operations, wherever a tile or a shard begins,
/// so neither tiles nor the number of servers change a bit of the result.
public struct Optimizer: Sendable {
  private let specification: OptimizerSpecification
  /// v of momentum and nesterov, m of adam.
  private var first: Vector
  /// v of adam.
  private var second: Vector
  /// Whole steps taken, shares of steps included.
  private var progress = 0.0
  private var firstCorrection: Float = 1
  private var secondCorrection: Float = 1
  /// η of the step under way.
  public private(set) var rate: Float

  /// - Parameters:
  ///   - specification: Rule and constants.
  ///   - count: Elements of the shard.
  public init(_ specification: OptimizerSpecification, count: Int) {
    self.specification = specification
    rate = specification.rate
    first = Vector(count: specification.kind == .sgd ? 0 : count)
    second = Vector(count: specification.kind == .adam ? count : 0)
  }

  /// Vectors of the shard's length that it keeps from step to step: 0, 1 or 2.
  public var vectorCount: Int { (first.count > 0 ? 1 : 0) + (second.count > 0 ? 1 : 0) }

  /// Forgets momentum and moments; the schedule goes on.
  public mutating func reset() {
    first = Vector(count: first.count)
    second = Vector(count: second.count)
    correctedCount = 0
  }

  /// Steps since the moments were zero.
  private var correctedCount = 0

  /// Begins an update: fixes its rate and bias corrections. Call once before its tiles.
  ///
  /// - Parameters:
  ///   - share: The part of a whole step that the update stands for, above 0 and at most 1: without
  ///     a barrier every worker's push is a part of its own. The rate is multiplied by it.
  ///   - steps: Steps that the workers took on their own before they pushed, ≥ 1.
  public mutating func beginStep(share: Float = 1, steps: Int = 1) {
    // A copy of this value must not see the step: the state has one owner while it is written.
    if !isKnownUniquelyReferenced(&first) { first = Vector(copying: first.view) }
    if !isKnownUniquelyReferenced(&second) { second = Vector(copying: second.view) }
    rate = share * specification.schedule.rate(atStep: Int(progress), base: specification.rate)
    progress += Double(share) * Double(steps)
    correctedCount += 1
    let power = Double(correctedCount)
    firstCorrection = Float(1 - hebb_pow(Double(specification.beta1), power))
    secondCorrection = Float((1 - hebb_pow(Double(specification.beta2), power)).squareRoot())
  }

  /// One tile of the step.
  ///
  /// - Parameters:
  ///   - range: Elements of the shard; the pointers address the first of them.
  ///   - weights: θ before the step.
  ///   - direction: g, with whatever was added to it.
  ///   - next: θ after the step.
  public mutating func step(
    _ range: Range<Int>, weights: UnsafePointer<Float>, direction: UnsafePointer<Float>,
    into next: UnsafeMutablePointer<Float>
  ) {
    let (rate, momentum, count) = (rate, specification.momentum, range.count)
    switch specification.kind {
    case .sgd:
      for index in 0..<count { next[index] = weights[index] - rate * direction[index] }
    case .momentum:
      let velocity = first.base + range.lowerBound
      for index in 0..<count {
        let fresh = momentum * velocity[index] + direction[index]
        velocity[index] = fresh
        next[index] = weights[index] - rate * fresh
      }
    case .nesterov:
      let velocity = first.base + range.lowerBound
      for index in 0..<count {
        let fresh = momentum * velocity[index] + direction[index]
        velocity[index] = fresh
        next[index] = weights[index] - rate * (direction[index] + momentum * fresh)
      }
    case .adam:
      adam(range, weights: weights, direction: direction, into: next)
    }
  }

  private func adam(
    _ range: Range<Int>, weights: UnsafePointer<Float>, direction: UnsafePointer<Float>,
    into next: UnsafeMutablePointer<Float>
  ) {
    let m = first.base + range.lowerBound
    let v = second.base + range.lowerBound
    let (beta1, beta2) = (specification.beta1, specification.beta2)
    let stride = rate / firstCorrection
    var index = 0
    while index + 16 <= range.count {
      let g = load(direction + index)
      let fresh = beta1 * load(m + index) + (1 - beta1) * g
      let square = beta2 * load(v + index) + (1 - beta2) * (g * g)
      let scale = hebb_sqrt16(square) / secondCorrection + specification.epsilon
      store(fresh, m + index)
      store(square, v + index)
      store(load(weights + index) - stride * (fresh / scale), next + index)
      index += 16
    }
    while index < range.count {
      let g = direction[index]
      let fresh = beta1 * m[index] + (1 - beta1) * g
      let square = beta2 * v[index] + (1 - beta2) * (g * g)
      let scale = square.squareRoot() / secondCorrection + specification.epsilon
      m[index] = fresh
      v[index] = square
      next[index] = weights[index] - stride * (fresh / scale)
      index += 1
    }
  }
}

extension Optimizer: Saved {
  /// Corrections are those of a step, which is never under way.
  public static let unsaved = ["specification", "firstCorrection", "secondCorrection"]

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("first", first.view)
    archive.put("second", second.view)
    archive.put("progress", progress)
    archive.put("rate", rate)
    archive.put("correctedCount", correctedCount)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    first = try reader.take("first", count: first.count)
    second = try reader.take("second", count: second.count)
    progress = try reader.take("progress")
    rate = try reader.take("rate")
    correctedCount = try reader.take("correctedCount")
  }
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
}

@inline(__always)
private func store(_ value: SIMD16<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD16<Float>.self)
}
