public import Tensors

extension MultilayerPerceptron {
  /// Adds the diagonal Fisher information of every example of a batch: a sum, of which the caller
  /// takes the mean over all examples at the end.
  ///
  /// `batched` adds, for each group of n consecutive examples, n times the square of the group's
  /// mean gradient; groups begin anew with each batch and the last one may be smaller.
  ///
  /// - Parameters:
  ///   - weights: `layout.count` parameters.
  ///   - sum: `layout.count` elements, added to.
  ///   - labelDraws: Where `sampled` draws one label per example, in order; others do not touch it.
  /// - Complexity: For each linear layer one product (δ∘δ)ᵀ(a∘a), which equals
  ///   Σ_n (δ_n a_nᵀ)∘(δ_n a_nᵀ), instead of one outer product per example. `exact` propagates
  ///   one row less than there are active units per example, the others one.
  public func addFisher(
    _ estimator: FisherEstimator, of batch: Batch, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace,
    labelDraws: inout RandomStream
  ) {
    if case .batched(let size) = estimator {
      addBatchedFisher(size, of: batch, at: weights, to: sum, using: workspace)
      return
    }
    let most = estimator == .exact ? max(1, (batch.active.map(\.count).max() ?? 1) - 1) : 1
    for block in (0..<batch.count).pieces(of: Pass.blockSize(rowsPerExample: most)) {
      let pass = Pass(self, batch, block, at: weights, using: workspace)
      pass.forward()
      let rows: UnsafeMutablePointer<Float>
      switch estimator {
      case .exact:
        rows = pass.stackCovarianceFactors()
      case .empirical, .batched:
        rows = pass.deltas { _, example in batch.labels[example] - pass.units.lowerBound }
      case .predicted:
        rows = pass.deltas { row, example in
          pass.active(of: example).reduce(pass.active(of: example).lowerBound) {
            row[$1] > row[$0] ? $1 : $0
          }
        }
      case .sampled:
        rows = pass.deltas { row, example in
          draw(from: row, active: pass.active(of: example), &labelDraws)
        }
      }
      pass.addMoments(.square, of: rows, to: sum)
    }
  }

  private func addBatchedFisher(
    _ size: Int, of batch: Batch, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    precondition(size >= 1, "a group needs an example")
    let gradient = workspace.groupGradient.reserve(layout.count)
    for group in (0..<batch.count).pieces(of: size) {
      _ = self.gradient(of: batch, examples: group, at: weights, into: gradient, using: workspace)
      RowKernels.addSquares(
        of: gradient, times: Float(group.count), to: sum, count: layout.count)
    }
  }

  /// A unit drawn with the given probabilities.
  private func draw(
    from probabilities: UnsafePointer<Float>, active: Range<Int>, _ random: inout RandomStream
  ) -> Int {
    var threshold = random.uniform(in: 0...1)
    for unit in active.dropLast() {
      threshold -= Double(probabilities[unit])
      if threshold < 0 { return unit }
    }
    return active.upperBound - 1
  }
}

extension Pass {
  /// Replaces the logits by the derivative of −log p(label), one row per example.
  ///
  /// - Parameter label: Chooses the label, counted from the first of `units`, given the example's
  ///   probabilities and its index in the batch.
  fileprivate func deltas(
    label: (UnsafePointer<Float>, Int) -> Int
  ) -> UnsafeMutablePointer<Float> {
    let logits = workspace.logits.base
    for (index, example) in examples.enumerated() {
      let row = logits + index * units.count
      let active = active(of: example)
      _ = Softmax.normalize(row, count: units.count, active: active)
      Softmax.subtractLabel(label(row, example), from: row, active: active)
    }
    setOneRowPerExample()
    return logits
  }

  /// Writes, for each example, rows whose squares sum to the expectation over its labels.
  fileprivate func stackCovarianceFactors() -> UnsafeMutablePointer<Float> {
    let logits = workspace.logits.base
    let room = examples.reduce(0) { $0 + batch.active[$1].count - 1 }
    let rows = workspace.deltas.1.reserve(room * units.count)
    workspace.rowCounts.removeAll(keepingCapacity: true)
    var written = 0
    for (index, example) in examples.enumerated() {
      let row = logits + index * units.count
      let active = active(of: example)
      _ = Softmax.normalize(row, count: units.count, active: active)
      let count = Softmax.factorCovariance(
        of: row, count: units.count, active: active, into: rows + written * units.count)
      workspace.rowCounts.append(count)
      written += count
    }
    return rows
  }
}
