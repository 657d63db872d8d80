public import Tensors

/// Some examples: inputs, the output unit that is right, and the units that take part.
///
/// The active units are a range per example, so that one output layer serves all scenarios: the head
/// of a task, all classes, the classes seen so far, and batches that mix tasks.
public struct Batch: Sendable {
  /// Row-major, one example a row; the first `count` rows are valid. The buffer is reused.
  public let inputs: Vector
  /// Width of a row.
  public let inputCount: Int
  /// The right output unit of each example.
  public private(set) var labels: [Int] = []
  /// The output units over which softmax and arg max of each example run.
  public private(set) var active: [Range<Int>] = []
  private let capacity: Int

  /// - Parameters:
  ///   - capacity: Most examples it can hold.
  ///   - inputs: Width of an example.
  public init(capacity: Int, inputs: Int) {
    self.inputs = Vector(count: capacity * inputs)
    self.capacity = capacity
    inputCount = inputs
    labels.reserveCapacity(capacity)
    active.reserveCapacity(capacity)
  }

  /// Number of examples.
  public var count: Int { labels.count }

  /// Empties the batch; keeps the memory.
  public mutating func removeAll() {
    labels.removeAll(keepingCapacity: true)
    active.removeAll(keepingCapacity: true)
  }

  /// Adds an example and returns the row that the caller fills with its inputs.
  public mutating func append(label: Int, active: Range<Int>) -> UnsafeMutablePointer<Float> {
    precondition(count < capacity, "the batch is full")
    precondition(active.contains(label), "the right unit is among the active ones")
    labels.append(label)
    self.active.append(active)
    return inputs.base + (labels.count - 1) * inputCount
  }
}
