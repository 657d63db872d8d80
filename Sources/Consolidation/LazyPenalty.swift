import Archives
import CKernels
import Tensors

/// Lets the penalty wait on coordinates that no gradient touches, so that an update changes few
/// weights and what is sent of it is sparse.
///
/// An update with a zero gradient pulls a weight towards θ̄ = V/U by the same factor each time, so
/// n of them have a closed form: θ̄ + (θ − θ̄)/(1 + cU)ⁿ for the proximal form and
/// θ̄ + (θ − θ̄)(1 − cU)ⁿ for the gradient form, c = ηλ. A weight is caught up before it is
/// touched, and all are when somebody is to see them (``settle(_:_:_:)``).
///
/// Only for rules under which a zero gradient moves nothing: plain SGD.
struct LazyPenalty: Sendable {
  private let form: PenaltyForm
  /// c of the updates under way.
  private var step: Float = 0
  /// Updates since everything was settled, the one under way included.
  private var updateCount: Int32 = 0
  /// By element: how many of them are in its weight.
  private var caught: [Int32]

  init(form: PenaltyForm, count: Int) {
    self.form = form
    caught = Array(repeating: 0, count: count)
  }

  /// Whether an update with this c can follow the ones that wait.
  func canWait(step: Float) -> Bool { updateCount == 0 || step == self.step }

  /// Whether any weight lacks part of its penalty.
  var isPending: Bool { updateCount > 0 }

  /// Whether as many updates wait as can be counted.
  var isFull: Bool { updateCount == .max }

  mutating func begin(step: Float) {
    precondition(canWait(step: step), "what waits is settled before the rate changes")
    self.step = step
    updateCount += 1
  }

  /// Catches up those weights of a tile whose gradient is not zero.
  ///
  /// - Parameters:
  ///   - range: Elements of the shard; the pointers address the first of them.
  ///   - base: Receives the weights with all updates but this one, where they are touched.
  func catchUp(
    _ range: Range<Int>, _ penalty: FoldedPenalty, gradient: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, into base: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<range.count {
      let place = range.lowerBound + index
      let missed = updateCount - 1 - caught[place]
      base[index] =
        gradient[index] == 0 || missed == 0
        ? weights[index]
        : penalty.pulled(weights[index], at: place, times: Int(missed), step: step, form)
    }
  }

  /// Leaves untouched weights of a tile as they were, and notes which were touched.
  mutating func hold(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    next: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<range.count {
      if gradient[index] == 0 {
        next[index] = weights[index]
      } else {
        caught[range.lowerBound + index] = updateCount
      }
    }
  }

  /// Brings a block up to date. Call ``finishSettling()`` after the last.
  func settle(_ range: Range<Int>, _ penalty: FoldedPenalty, _ weights: VectorView) -> Vector {
    let next = Vector(uninitialized: range.count)
    for index in 0..<range.count {
      let place = range.lowerBound + index
      let missed = Int(updateCount - caught[place])
      next.base[index] = penalty.pulled(
        weights.base[index], at: place, times: missed, step: step, form)
    }
    return next
  }

  mutating func finishSettling() {
    updateCount = 0
    caught = Array(repeating: 0, count: caught.count)
  }
}

extension LazyPenalty: Saved {
  static let unsaved = ["form"]

  func save(to archive: inout Archive) {
    archive.put("step", step)
    archive.put("updateCount", Int(updateCount))
    archive.put("caught", bytes: caught.withUnsafeBytes { Array($0) })
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    step = try reader.take("step")
    updateCount = Int32(clamping: try reader.take("updateCount", as: Int.self))
    let bytes = try reader.take(bytes: "caught")
    guard bytes.count == MemoryLayout<Int32>.stride * caught.count else {
      throw reader.error("is of another number of weights")
    }
    caught.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    guard updateCount >= 0, caught.allSatisfy({ (0...updateCount).contains($0) }) else {
      throw reader.error("counts updates that never were")
    }
  }
}

extension FoldedPenalty {
  /// A weight after some updates that had nothing but the penalty for it.
  func pulled(
    _ weight: Float, at place: Int, times: Int, step: Float, _ form: PenaltyForm
  ) -> Float {
    guard times > 0, let importance, let weightedAnchor, importance.base[place] > 0 else {
      return weight
    }
    let u = Double(importance.base[place])
    let centre = Double(weightedAnchor.base[place]) / u
    let curvature = Double(step) * u
    let factor: Double
    switch form {
    case .proximal: factor = hebb_pow(1 + curvature, -Double(times))
    case .gradient:
      let base = 1 - curvature
      factor = hebb_pow(abs(base), Double(times)) * (base < 0 && times % 2 == 1 ? -1 : 1)
    }
    return Float(centre + (Double(weight) - centre) * factor)
  }
}
