import Tensors

/// Activations and deltas of a network for batches up to a size; one per thread, reused over steps.
public final class Workspace {
  let model: MultilayerPerceptron
  private(set) var capacity: Int
  /// `activations[l]`: outputs of layer l after ReLU (raw for the last), capacity × width.
  private(set) var activations: [Vector]
  /// `deltas[l]`: derivatives by the inputs of layer l's nonlinearity, the same shapes.
  private(set) var deltas: [Vector]
  private var scratch: [Vector?] = [nil, nil, nil]

  /// - Parameters:
  ///   - model: The network it fits.
  ///   - capacity: Most examples of a batch; it grows when one is larger.
  public init(model: MultilayerPerceptron, capacity: Int) {
    self.model = model
    self.capacity = capacity
    activations = []
    deltas = []
    allocate()
  }

  private func allocate() {
    activations = model.widths.dropFirst().map { Vector(count: capacity * $0) }
    deltas = model.widths.dropFirst().map { Vector(count: capacity * $0) }
  }

  func reserve(_ count: Int) {
    guard count > capacity else { return }
    capacity = count
    allocate()
  }

  /// A buffer of at least `count` floats; each slot is one buffer, reused.
  func buffer(_ slot: Int, count: Int) -> UnsafeMutablePointer<Float> {
    if let vector = scratch[slot], vector.count >= count { return vector.base }
    let vector = Vector(count: count)
    scratch[slot] = vector
    return vector.base
  }
}
