public import Tensors

/// A network whose layers can each be asked for the importance of its own parameters for its own
/// output, without a way down through the layers above.
public protocol LocalNetwork: Network {
  /// Adds, for every parameter of every layer, the moments of each example's derivative of ‖y‖², y
  /// being the output of the parameter's own layer. Call after ``Network/forward(_:)`` of the same
  /// pass.
  ///
  /// - Parameters:
  ///   - rows: Twice the logits that count, 0 for the others, examples × units; in
  ///     `workspace.logits`.
  ///   - sum: `layout.count` elements, added to.
  /// - Complexity: One matrix product a layer.
  func addLocalMoments(
    _ moment: Moment, of rows: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>)
}

/// Σ_n |∂‖y_l(x_n)‖² / ∂θ_l| for the parameters θ_l of each layer l: the local form of memory-aware
/// synapses. With y = relu(W x) it is 2 y_j |x_i|, the correlation of what is on both sides of a
/// weight, as in Hebb's rule. It needs no labels and no way down.
///
/// - Source: Aljundi et al. 2018, §4.3.
public struct LocalSensitivity: ImportanceEstimator, Hashable {
  /// It has no settings.
  public init() {}

  /// Whether it has layers that can be asked.
  public func fits(_ network: any Network) -> Bool { network is any LocalNetwork }

  /// Adds the importance of every example; draws nothing.
  ///
  /// - Precondition: The network ``fits(_:)``.
  public func add(
    _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace, draws: inout RandomStream
  ) {
    guard let network = network as? any LocalNetwork else {
      preconditionFailure("the network has no layers of its own to ask")
    }
    for block in (0..<batch.count).pieces(of: 128) {
      let pass = Pass(network, batch, block, at: weights, using: workspace)
      let rows = OutputSensitivity.doubled(network.forward(pass), of: pass)
      network.addLocalMoments(.magnitude, of: rows, in: pass, to: sum)
    }
  }
}
