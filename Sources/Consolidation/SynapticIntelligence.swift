public import Archives
public import Tensors

/// How much each weight's way through a task lowered the task's loss.
///
/// - Source: Zenke, Poole & Ganguli 2017, "Continual learning through synaptic intelligence", §3.
public struct SynapticIntelligence: PathImportance {
  private let damping: Float
  /// ω of each weight; empty before the first task.
  private var integral = Vector(count: 0)
  /// θ at the task's beginning.
  private var start = Vector(count: 0)

  /// - Parameter damping: ξ > 0, keeps Ω finite where a weight did not move.
  public init(damping: Float) {
    precondition(damping > 0, "ξ is positive")
    self.damping = damping
  }

  /// The path integral, and the weights with which the task began; none before the first task.
  public var vectorCount: Int { integral.count > 0 ? 2 : 0 }

  /// It is made of steps.
  public var readsSteps: Bool { true }

  /// Begins with ω = 0; what an earlier task left is forgotten.
  public func begun(at weights: [VectorView]) -> SynapticIntelligence {
    var path = SynapticIntelligence(damping: damping)
    path.start = Vector(joining: weights)
    path.integral = Vector(count: path.start.count)
    return path
  }

  /// Gives ω memory of its own.
  public mutating func beginStep() {
    if !isKnownUniquelyReferenced(&integral) { integral = Vector(copying: integral.view) }
  }

  /// ω ← ω − g · (θ' − θ).
  public mutating func gather(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, scale: Float,
    weights: UnsafePointer<Float>, next: UnsafePointer<Float>
  ) {
    let omega = integral.base + range.lowerBound
    for index in 0..<range.count {
      omega[index] -= scale * gradient[index] * (next[index] - weights[index])
    }
  }

  /// Ω = max(ω, 0) / (Δ² + ξ) with Δ = θ − θ_start. O(count).
  public func importance(at weights: VectorView) -> Vector {
    precondition(weights.count == integral.count, "the weights fill the shard")
    let result = Vector(uninitialized: integral.count)
    for index in 0..<integral.count {
      let way = weights.base[index] - start.base[index]
      result.base[index] = max(integral.base[index], 0) / (way * way + damping)
    }
    return result
  }
}

extension SynapticIntelligence {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved = ["damping"]

  /// Whether ω is of so many weights, or has not begun.
  public func fits(_ count: Int) -> Bool { integral.count == count || integral.count == 0 }

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("integral", integral.view)
    archive.put("start", start.view)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let integral = try reader.take("integral", as: VectorView.self)
    start = try reader.take("start", count: integral.count)
    self.integral = Vector(copying: integral)
  }
}
