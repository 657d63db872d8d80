public import Tensors

/// What a payload stands for: a block of floats, or those of them that are not zero.
public enum Decoded: Sendable {
  /// All values.
  case whole(Vector)
  /// Ascending indices below `count`, and their values; all others are zero.
  case sparse(indices: [Int32], values: [Float], count: Int)

  /// Number of values in the block.
  public var count: Int {
    switch self {
    case .whole(let vector): vector.count
    case .sparse(_, _, let count): count
    }
  }

  /// y ← y + factor · x over all values of the block.
  public func addScaled(_ factor: Float, to y: UnsafeMutablePointer<Float>) {
    switch self {
    case .whole(let vector):
      let x = vector.base
      for index in 0..<vector.count { y[index] += factor * x[index] }
    case .sparse(let indices, let values, _):
      for (index, value) in zip(indices, values) { y[Int(index)] += factor * value }
    }
  }

  /// The block with its zeros.
  public var dense: Vector {
    switch self {
    case .whole(let vector): return vector
    case .sparse(let indices, let values, let count):
      let vector = Vector(count: count)
      for (index, value) in zip(indices, values) { vector.base[Int(index)] = value }
      return vector
    }
  }
}
