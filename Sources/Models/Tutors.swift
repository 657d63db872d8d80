import CKernels
public import Tensors

/// Finished networks whose answers another one learns beside the labels, on the same inputs and
/// with the same output units.
///
/// - Source: Hinton, Vinyals & Dean 2015, "Distilling the knowledge in a neural network", §2.
public struct Tutors: Sendable {
  /// One of them.
  public struct Tutor: Sendable {
    public let network: any Network
    /// All parameters of the network.
    public let weights: Vector

    /// - Parameter weights: All parameters of the network.
    public init(_ network: any Network, weights: Vector) {
      precondition(weights.count == network.layout.count, "the weights fill the network")
      self.network = network
      self.weights = weights
    }
  }

  /// At least one; what they answer is averaged.
  public let all: [Tutor]
  /// T > 0: probabilities are softmax(z/T).
  public let temperature: Float
  /// α, 0…1: what answers count; labels count 1 − α.
  public let share: Float

  /// - Parameters:
  ///   - all: At least one; what they answer is averaged.
  ///   - temperature: T > 0.
  ///   - share: α, 0…1.
  public init(_ all: [Tutor], temperature: Float, share: Float) {
    precondition(!all.isEmpty && temperature > 0 && (0...1).contains(share))
    self.all = all
    self.temperature = temperature
    self.share = share
  }

  /// Memory for one thread, of each of them.
  ///
  /// - Parameter capacity: Examples in the largest batch.
  public func workspaces(capacity: Int) -> [Workspace] {
    all.map { Workspace(model: $0.network, capacity: capacity) }
  }

  /// Writes the mean of the softened probabilities among each example's active units, and 0 for the
  /// others.
  ///
  /// - Parameter rows: Examples of the pass × its units.
  func write(
    for pass: Pass, to rows: UnsafeMutablePointer<Float>, using workspaces: [Workspace]
  ) {
    let (count, share) = (pass.units.count, 1 / Float(all.count))
    for (place, tutor) in all.enumerated() {
      let own = Pass(
        tutor.network, pass.batch, pass.examples, units: pass.units, at: tutor.weights.base,
        using: workspaces[place])
      let logits = tutor.network.forward(own)
      Kernels.scale(logits, by: 1 / temperature, count: pass.examples.count * count)
      for (index, example) in pass.examples.enumerated() {
        let (row, sum) = (logits + index * count, rows + index * count)
        _ = Softmax.normalize(row, count: count, active: pass.active(of: example))
        if place == 0 { sum.update(repeating: 0, count: count) }
        Kernels.addScaled(row, by: share, to: sum, count: count)
      }
    }
  }

  /// Replaces mean probabilities p' by the derivatives of Σ_i f_i α T² · CE(p', softmax(z/T)) by
  /// logits z: f α T (softmax(z/T) − p').
  ///
  /// - Parameters:
  ///   - wanted: The probabilities, examples × units of the pass.
  ///   - logits: z.
  ///   - factors: By example of the pass.
  /// - Returns: That sum, and Σ_i f_i KL(p' ‖ softmax(z/T)) (natural logarithms).
  func replaceByRows(
    _ wanted: UnsafeMutablePointer<Float>, _ logits: UnsafePointer<Float>, of pass: Pass,
    factors: [Float]
  ) -> (loss: Double, distance: Double) {
    let count = pass.units.count
    let given = Vector(uninitialized: count)
    var (loss, distance) = (0.0, 0.0)
    for (index, example) in pass.examples.enumerated() {
      let (row, p) = (logits + index * count, wanted + index * count)
      let active = pass.active(of: example)
      for unit in 0..<count { given.base[unit] = row[unit] * (1 / temperature) }
      var (score, surprise) = (0.0, 0.0)
      for unit in active where p[unit] > 0 {
        score += Double(p[unit]) * Double(given.base[unit])
        surprise -= Double(p[unit]) * hebb_log(Double(p[unit]))
      }
      let norm = Softmax.normalize(given.base, count: count, active: active)
      let factor = factors[index]
      loss += Double(factor * share * temperature * temperature) * (norm - score)
      distance += Double(factor) * (norm - score - surprise)
      for unit in 0..<count {
        p[unit] = factor * share * temperature * (given.base[unit] - p[unit])
      }
    }
    return (loss, distance)
  }
}

extension Network {
  /// Writes the gradient of Σ_i f_i ((1 − α)(−log p(label_i)) + α T² · CE(p'_T, p_T)), p' the mean
  /// answer of tutors, softmax over each example's active units.
  ///
  /// - Parameters:
  ///   - batch: The examples; none gives a gradient of zeros.
  ///   - factors: By example, what its loss is multiplied by.
  ///   - tutors: On the same inputs and with the same output units.
  ///   - tutorWorkspaces: One for each tutor.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, overwritten.
  /// - Returns: That sum, and Σ_i f_i KL(p'_T ‖ p_T) (natural logarithms); 0 for an empty batch.
  public func gradient(
    of batch: Batch, factors: [Float], tutors: Tutors, tutorWorkspaces: [Workspace],
    at weights: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) -> (loss: Double, distance: Double) {
    precondition(factors.count == batch.count, "every example has a factor")
    gradient.update(repeating: 0, count: layout.count)
    guard batch.count > 0 else { return (0, 0) }
    let pass = Pass(self, batch, 0..<batch.count, at: weights, using: workspace)
    let count = batch.count * pass.units.count
    let answers = workspace.rows.reserve(count)
    tutors.write(for: pass, to: answers, using: tutorWorkspaces)
    let rows = forward(pass)
    let soft = tutors.replaceByRows(answers, rows, of: pass, factors: factors)
    let labels = CrossEntropy.replaceByRows(
      rows, of: pass, factors: factors.map { (1 - tutors.share) * $0 })
    Kernels.add(answers, to: rows, count: count)
    addGradient(of: rows, in: pass, to: gradient)
    return (labels + soft.loss, soft.distance)
  }
}
