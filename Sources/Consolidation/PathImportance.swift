public import Archives
public import Tensors

/// Importance that each shard gathers while a task is trained, where gradients and updates are
/// known anyway: it takes no bytes.
///
/// Everything is element by element, so that any number of servers gives the same bits.
public protocol PathImportance: Sendable, Saved {
  /// The state with which a task begins.
  ///
  /// - Parameter weights: θ of the shard, in consecutive blocks that fill it.
  func begun(at weights: [VectorView]) -> Self

  /// Whether it looks at steps at all, and so has to be told of their gradients without a penalty.
  var readsSteps: Bool { get }

  /// Vectors of the shard's length that it holds.
  var vectorCount: Int { get }
  /// Whether it is of so many weights, or of none yet: what was saved may be of another plan.
  func fits(_ count: Int) -> Bool

  /// Makes sure that a copy of this value does not see what follows. Call once before a step's
  /// ranges.
  mutating func beginStep()

  /// Takes note of a part of one step; pointers address the first element of the range.
  ///
  /// - Parameters:
  ///   - gradient: The task's gradient, the penalty left out: otherwise it would reinforce itself.
  ///   - scale: 1, or one over the steps whose gradients were added up.
  ///   - weights: θ before the step.
  ///   - next: θ' after it.
  mutating func gather(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, scale: Float,
    weights: UnsafePointer<Float>, next: UnsafePointer<Float>)

  /// Ω ≥ 0 of the task so far.
  ///
  /// - Parameter weights: θ of the whole shard, at which Ω will be anchored.
  func importance(at weights: VectorView) -> Vector
}

/// Importance that is measured against the largest of all shards: each shard says its own maxima
/// when a stage is over, and is told the elementwise maxima over all shards before it folds.
///
/// Where no moment is common to all shards, each scales by its own.
public protocol ScaledPathImportance: PathImportance {
  /// This shard's maxima, always as many; finite.
  ///
  /// - Parameter weights: θ of the whole shard, at which Ω will be anchored.
  func maxima(at weights: VectorView) -> [Double]

  /// Ω ≥ 0 of the task so far.
  ///
  /// - Parameters:
  ///   - weights: θ of the whole shard, at which Ω will be anchored.
  ///   - maxima: Over all shards; in the order of ``maxima(at:)``.
  func importance(at weights: VectorView, scaledBy maxima: [Double]) -> Vector
}

extension PathImportance {
  /// None.
  public var vectorCount: Int { 0 }
}

extension ScaledPathImportance {
  /// Ω by the shard's own maxima: right where there is one shard.
  public func importance(at weights: VectorView) -> Vector {
    importance(at: weights, scaledBy: maxima(at: weights))
  }
}

/// One importance for all weights: the penalty is plain L2 towards the anchor.
public struct UniformImportance: PathImportance {
  private let value: Float

  /// - Parameter value: Ω of every weight, ≥ 0.
  public init(_ value: Float = 1) {
    precondition(value >= 0, "an importance is not negative")
    self.value = value
  }

  /// It is known beforehand.
  public var readsSteps: Bool { false }

  /// Nothing to begin with.
  public func begun(at weights: [VectorView]) -> UniformImportance { self }

  /// Holds nothing that a copy could see.
  public mutating func beginStep() {}

  /// Steps say nothing.
  public mutating func gather(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, scale: Float,
    weights: UnsafePointer<Float>, next: UnsafePointer<Float>
  ) {}

  /// One value everywhere. O(count).
  public func importance(at weights: VectorView) -> Vector {
    Vector(repeating: value, count: weights.count)
  }
}

extension UniformImportance {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved = ["value"]

  /// Of any number of weights.
  public func fits(_ count: Int) -> Bool { true }

  /// Nothing of it changes.
  public func save(to archive: inout Archive) {}

  /// Nothing of it changes.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {}
}
