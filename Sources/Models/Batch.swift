public import Tensors

/// Labelled examples in one buffer that is filled anew for every step.
///
/// Copies of a batch share the buffer of inputs: fill and use a batch in one place.
///
///     batch.removeAll()
///     let row = batch.append(label: 3, active: 2..<4)
///     for pixel in 0..<784 { row[pixel] = … }
public struct Batch: Sendable {
  /// Examples the buffer has room for.
  public let capacity: Int
  /// Values per example.
  public let inputCount: Int
  /// Row-major, an example a row; the first ``count`` rows are valid.
  public let inputs: Vector
  /// Output unit that is right for each example; within the example's active range.
  public private(set) var labels: [Int] = []
  /// Output units that compete for each example: softmax and argmax run over these, and all others
  /// are as if they were not there.
  public private(set) var active: [Range<Int>] = []

  /// - Parameters:
  ///   - capacity: Most examples the batch will hold, ≥ 0.
  ///   - inputs: Values per example, ≥ 1.
  public init(capacity: Int, inputs: Int) {
    precondition(capacity >= 0 && inputs >= 1)
    self.capacity = capacity
    inputCount = inputs
    self.inputs = Vector(count: capacity * inputs)
    labels.reserveCapacity(capacity)
    active.reserveCapacity(capacity)
  }

  /// Examples in the batch.
  public var count: Int { labels.count }

  /// Empties the batch and keeps its memory.
  public mutating func removeAll() {
    labels.removeAll(keepingCapacity: true)
    active.removeAll(keepingCapacity: true)
  }

  /// Adds an example whose inputs the caller writes.
  ///
  /// - Parameters:
  ///   - label: The output unit that is right.
  ///   - active: The output units that compete; they contain the label.
  /// - Returns: The row of ``inputCount`` values to fill; what it holds before is undefined.
  public mutating func append(label: Int, active: Range<Int>) -> UnsafeMutablePointer<Float> {
    precondition(count < capacity, "the batch is full")
    precondition(active.contains(label), "the label must be one of the active output units")
    labels.append(label)
    self.active.append(active)
    return inputs.base + (count - 1) * inputCount
  }
}
