/// A read-only run of floats in somebody's memory (a ``Vector``, a received frame) together with
/// that somebody, so that it stays alive as long as the view does. Copying a view copies no floats.
// Sendable: the elements never change while a view exists.
public struct VectorView: @unchecked Sendable {
  /// First element; aligned to 4 bytes, not more.
  public let base: UnsafePointer<Float>
  /// Number of elements.
  public let count: Int
  /// Whoever owns the memory.
  public let owner: AnyObject

  /// - Parameters:
  ///   - base: Address of the first element, aligned to 4 bytes.
  ///   - owner: Keeps `count` elements at `base` valid and unchanged until it is released.
  public init(base: UnsafePointer<Float>, count: Int, owner: AnyObject) {
    self.base = base
    self.count = count
    self.owner = owner
  }

  /// One element.
  public subscript(index: Int) -> Float {
    precondition(index >= 0 && index < count)
    return base[index]
  }

  /// A part of the view. O(1).
  public subscript(range: Range<Int>) -> VectorView {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range leaves the view")
    return VectorView(base: base + range.lowerBound, count: range.count, owner: owner)
  }

  /// The elements, for reading.
  public var elements: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: base, count: count)
  }

  /// The elements as an array. O(`count`).
  public var array: [Float] { Array(elements) }

  /// Size in bytes on the wire.
  public var byteCount: Int { count * MemoryLayout<Float>.stride }

  /// Whether both have the same values, as arithmetic has it: 0 and −0 are equal, NaN is nothing's
  /// equal. O(`count`).
  public func isEqual(to other: VectorView) -> Bool {
    count == other.count && (0..<count).allSatisfy { base[$0] == other.base[$0] }
  }
}
