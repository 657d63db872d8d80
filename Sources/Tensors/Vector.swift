/// A flat vector of 32-bit floats that owns its memory: parameters θ, a gradient, an importance Ω,
/// an anchor θ*, an optimiser's moments.
///
/// A vector is written by the one thread that made it and becomes immutable as soon as a
/// ``VectorView`` of it is handed to anybody else; nothing enforces this but the roles, which make
/// a new vector for every version. It is a class because its bytes are lent to sockets without a
/// copy.
// Sendable: written before it is shared, only read afterwards (see above).
public final class Vector: @unchecked Sendable {
  /// First element, aligned to 64 bytes.
  public let base: UnsafeMutablePointer<Float>
  /// Number of elements.
  public let count: Int
  private let memory: UnsafeMutableRawPointer

  private static let alignment = 64

  /// A vector with undefined content.
  public init(uninitialized count: Int) {
    precondition(count >= 0, "a vector has no negative length")
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    // Aligned here: an allocator that is asked to do it cannot use the hole that a vector of the
    // same length has left, and memory grows by every step.
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes + Self.alignment, alignment: MemoryLayout<Float>.alignment)
    base = memory.alignedUp(toMultipleOf: Self.alignment)
      .bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
  }

  /// A vector of `count` times the same value.
  public convenience init(repeating value: Float = 0, count: Int) {
    self.init(uninitialized: count)
    base.update(repeating: value, count: count)
  }

  /// A vector with the elements of an array.
  public convenience init(_ elements: [Float]) {
    self.init(uninitialized: elements.count)
    elements.withUnsafeBufferPointer {
      if let from = $0.baseAddress { base.update(from: from, count: count) }
    }
  }

  /// A copy of what a view shows.
  public convenience init(copying view: VectorView) {
    self.init(uninitialized: view.count)
    base.update(from: view.base, count: view.count)
  }

  /// A copy of what several views show, one after another.
  public convenience init(joining views: [VectorView]) {
    self.init(uninitialized: views.reduce(0) { $0 + $1.count })
    var offset = 0
    for view in views {
      replace(from: offset, with: view)
      offset += view.count
    }
  }

  deinit { memory.deallocate() }

  /// One element.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  /// All elements, mutable.
  public var elements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  /// The elements as an array. O(`count`).
  public var array: [Float] { Array(elements) }

  /// A read-only view of the whole vector that keeps it alive.
  public var view: VectorView { VectorView(base: base, count: count, owner: self) }

  /// A read-only view of some elements that keeps the vector alive.
  public subscript(range: Range<Int>) -> VectorView { view[range] }

  /// Copies `source` to the elements from `start` on. O(`source.count`).
  public func replace(from start: Int, with source: VectorView) {
    precondition(start >= 0 && start + source.count <= count, "the source does not fit")
    (base + start).update(from: source.base, count: source.count)
  }
}
