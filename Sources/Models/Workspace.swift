import Tensors

/// Memory for the intermediate results of one thread: activations, derivatives and their squares.
///
/// Made once and lent to every call, so that no step allocates. It holds no state between calls.
public final class Workspace {
  let activationCounts: [Int]
  /// By intermediate result of the network: examples × its values.
  var activations: [ScratchBuffer]
  /// Scores of the active output units, examples × units; then derivatives by them.
  var logits = ScratchBuffer()
  /// Derivatives by the logits where an example has several rows.
  var rows = ScratchBuffer()
  /// Derivatives by the inputs of two neighbouring layers, which change roles on the way down.
  var deltas = (ScratchBuffer(), ScratchBuffer())
  /// For whatever a layer needs while it is called.
  var spare = (ScratchBuffer(), ScratchBuffer())
  /// The gradient of a group of examples.
  var groupGradient = ScratchBuffer()

  /// - Parameters:
  ///   - model: The shapes to make room for.
  ///   - capacity: Examples in the largest batch; a larger one makes the memory grow.
  public init(model: any Network, capacity: Int) {
    activationCounts = model.activationCounts
    activations = activationCounts.map { ScratchBuffer(count: $0 * capacity) }
    let widest = max(model.outputs, activationCounts.max() ?? 0)
    logits.reserve(model.outputs * capacity)
    if !activations.isEmpty {
      deltas.0.reserve(widest * capacity)
      deltas.1.reserve(widest * capacity)
    }
  }
}

/// Memory that grows when more is asked for and never shrinks. Its content is undefined.
struct ScratchBuffer {
  private var storage: Vector

  init(count: Int = 0) { storage = Vector(uninitialized: count) }

  var base: UnsafeMutablePointer<Float> { storage.base }

  /// Room for `count` floats. What was in the buffer is lost when it grows.
  @discardableResult
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if count > storage.count { storage = Vector(uninitialized: count) }
    return storage.base
  }
}
