public import Tensors

/// Σ_n |∂‖f(x_n)‖² / ∂θ|, f being the logits of the example's active units: the importance of
/// memory-aware synapses. It needs no labels.
///
/// - Source: Aljundi et al. 2018, §4.1 (the form with the squared norm of the output).
public struct OutputSensitivity: ImportanceEstimator, Hashable {
  /// It has no settings.
  public init() {}

  /// Adds the importance of every example; draws nothing.
  ///
  /// - Complexity: For each linear layer one product |δ|ᵀ|a| instead of one outer product per
  ///   example.
  public func add(
    _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace, draws: inout RandomStream
  ) {
    addMoments(.magnitude, batch, of: network, at: weights, to: sum, using: workspace) {
      Self.doubled($0, of: $1)
    }
  }

  /// The derivatives of ‖f‖² by the logits f, in their place: twice those of active units, 0 for
  /// the others.
  static func doubled(_ logits: UnsafeMutablePointer<Float>, of pass: Pass) -> Rows {
    for (index, example) in pass.examples.enumerated() {
      let row = logits + index * pass.units.count
      let active = pass.active(of: example)
      for unit in 0..<pass.units.count { row[unit] = active.contains(unit) ? 2 * row[unit] : 0 }
    }
    return Rows(logits, exampleCount: pass.examples.count)
  }
}
