public import Tensors

/// Which estimate of the diagonal Fisher information: the word alone names several quantities.
///
/// The first four are sums over examples of squares of one example's derivative, so that the size
/// of the batches they are computed in does not matter.
public enum FisherInformation: ImportanceEstimator, Hashable {
  /// Expectation over the labels: Σ_c p_c (∂ log p_c)², the sum over the active units.
  case exact
  /// (∂ log p_c)² of one label c drawn from the network's own distribution p.
  case sampled
  /// (∂ log p_c)² of the true label c. Not an estimate of the Fisher information unless the network
  /// predicts the true distribution (Kunstner et al. 2019).
  case empirical
  /// (∂ log p_c)² of the label c that the network finds most probable.
  case predicted
  /// Square of the mean derivative over groups of `size` consecutive examples, true labels: about
  /// 1/`size` of `empirical`. Exists only to reproduce numbers of others. Adds, for each group of n
  /// examples, n times the square of the group's mean gradient; groups begin anew with each batch
  /// and the last one may be smaller.
  case batched(size: Int)

  /// `batched` needs a group's gradient.
  public var scratchVectorCount: Int {
    if case .batched = self { return 1 }
    return 0
  }

  /// Adds the diagonal Fisher information of every example.
  ///
  /// - Parameter draws: Where `sampled` draws one label per example, in order.
  /// - Complexity: For each linear layer one product (δ∘δ)ᵀ(a∘a), which equals
  ///   Σ_n (δ_n a_nᵀ)∘(δ_n a_nᵀ), instead of one outer product per example. `exact` propagates
  ///   one row less than there are active units per example, the others one.
  public func add(
    _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace, draws: inout RandomStream
  ) {
    if case .batched(let size) = self {
      addGroups(of: size, batch, of: network, at: weights, to: sum, using: workspace)
      return
    }
    let most = self == .exact ? max(1, (batch.active.map(\.count).max() ?? 1) - 1) : 1
    addMoments(
      .square, batch, of: network, at: weights, to: sum, using: workspace, rowsPerExample: most
    ) { logits, pass in
      switch self {
      case .exact: Self.covarianceFactors(logits, pass)
      case .empirical, .batched:
        Self.rows(logits, pass) { _, example in batch.labels[example] - pass.units.lowerBound }
      case .predicted:
        Self.rows(logits, pass) { row, example in
          pass.active(of: example).reduce(pass.active(of: example).lowerBound) {
            row[$1] > row[$0] ? $1 : $0
          }
        }
      case .sampled:
        Self.rows(logits, pass) { row, example in
          Self.draw(from: row, active: pass.active(of: example), &draws)
        }
      }
    }
  }

  private func addGroups(
    of size: Int, _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    precondition(size >= 1, "a group needs an example")
    let count = network.layout.count
    let gradient = workspace.groupGradient.reserve(count)
    for group in (0..<batch.count).pieces(of: size) {
      _ = network.gradient(
        of: batch, examples: group, at: weights, into: gradient, using: workspace)
      RowKernels.addSquares(of: gradient, times: Float(group.count), to: sum, count: count)
    }
  }

  /// A unit drawn with the given probabilities.
  private static func draw(
    from probabilities: UnsafePointer<Float>, active: Range<Int>, _ random: inout RandomStream
  ) -> Int {
    var threshold = random.uniform(in: 0...1)
    for unit in active.dropLast() {
      threshold -= Double(probabilities[unit])
      if threshold < 0 { return unit }
    }
    return active.upperBound - 1
  }

  /// Replaces the logits by the derivative of −log p(label), one row per example.
  ///
  /// - Parameter label: Chooses the label, counted from the first of `units`, given the example's
  ///   probabilities and its index in the batch.
  private static func rows(
    _ logits: UnsafeMutablePointer<Float>, _ pass: Pass,
    label: (UnsafePointer<Float>, Int) -> Int
  ) -> Rows {
    for (index, example) in pass.examples.enumerated() {
      let row = logits + index * pass.units.count
      let active = pass.active(of: example)
      _ = Softmax.normalize(row, count: pass.units.count, active: active)
      Softmax.subtractLabel(label(row, example), from: row, active: active)
    }
    return Rows(logits, exampleCount: pass.examples.count)
  }

  /// For each example, rows whose squares sum to the expectation over its labels.
  private static func covarianceFactors(
    _ logits: UnsafeMutablePointer<Float>, _ pass: Pass
  ) -> Rows {
    let columns = pass.units.count
    let room = pass.examples.reduce(0) { $0 + pass.batch.active[$1].count - 1 }
    let rows = pass.workspace.rows.reserve(room * columns)
    var written = 0
    let counts = pass.examples.enumerated().map { index, example in
      let row = logits + index * columns
      let active = pass.active(of: example)
      _ = Softmax.normalize(row, count: columns, active: active)
      let count = Softmax.factorCovariance(
        of: row, count: columns, active: active, into: rows + written * columns)
      written += count
      return count
    }
    return Rows(rows, counts: counts)
  }
}
