import Tensors

/// What is summed over examples: the square of a derivative, or its magnitude.
enum Moment {
  case square, magnitude

  /// y ← x² or |x|.
  func apply(
    to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .square: for index in 0..<count { y[index] = x[index] * x[index] }
    case .magnitude: for index in 0..<count { y[index] = x[index].magnitude }
    }
  }

  /// y ← y + x² or y + |x|.
  func add(
    _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .square: for index in 0..<count { y[index] += x[index] * x[index] }
    case .magnitude: for index in 0..<count { y[index] += x[index].magnitude }
    }
  }
}

extension Pass {
  /// How many examples to carry down together: enough for the matrix products to be fast, few
  /// enough for the rows to stay in the cache and for the memory to be bounded.
  static func blockSize(rowsPerExample: Int) -> Int {
    min(128, max(1, 1024 / rowsPerExample))
  }

  /// Declares that every example has one row of deltas.
  func setOneRowPerExample() {
    workspace.rowCounts.removeAll(keepingCapacity: true)
    workspace.rowCounts.append(contentsOf: repeatElement(1, count: examples.count))
  }

  /// Carries rows of deltas down and adds, for every parameter, the moments of what each row gives.
  ///
  /// The derivative by a weight is δ·a, so that Σ (δ a)² = Σ δ² a² is a product of two matrices;
  /// the rows of one example share its a, so their δ² are summed first.
  ///
  /// - Parameters:
  ///   - top: Deltas of the logits, unscaled: rows × units, examples in order, each with as many
  ///     rows as `workspace.rowCounts` says. Either the logits or `workspace.deltas.1`.
  ///   - sum: All parameters' sums, added to.
  func addMoments(
    _ moment: Moment, of top: UnsafeMutablePointer<Float>, to sum: UnsafeMutablePointer<Float>
  ) {
    let rowCount = workspace.rowCounts.reduce(0, +)
    guard rowCount > 0 else { return }
    var delta = top
    var nextIsFirst = true
    for (index, layer) in model.layers.enumerated().reversed() {
      let units = units(of: index)
      let deltaMoments = workspace.deltaMoments.reserve(examples.count * units.count)
      fold(moment, delta, columns: units.count, into: deltaMoments)
      let inputMoments = workspace.inputMoments.reserve(examples.count * layer.inputs)
      moment.apply(
        to: input(of: index), into: inputMoments, count: examples.count * layer.inputs)
      multiply(
        rows: units.count, columns: layer.inputs, inner: examples.count,
        deltaMoments, .transposed, inputMoments, beta: 1,
        into: sum + layer.weightOffset + units.lowerBound * layer.inputs)
      RowKernels.addColumnSums(
        of: deltaMoments, rows: examples.count, columns: units.count,
        to: sum + layer.biasOffset + units.lowerBound)
      guard index > 0 else { break }

      let next =
        nextIsFirst
        ? workspace.deltas.0.reserve(rowCount * layer.inputs)
        : workspace.deltas.1.reserve(rowCount * layer.inputs)
      nextIsFirst.toggle()
      multiply(
        rows: rowCount, columns: layer.inputs, inner: units.count,
        delta, .asStored, weight(of: index), into: next)
      blockWhereOff(next, layer: index)
      delta = next
    }
  }

  /// moments ← the sum of the moments of each example's rows.
  private func fold(
    _ moment: Moment, _ rows: UnsafePointer<Float>, columns: Int,
    into moments: UnsafeMutablePointer<Float>
  ) {
    var row = rows
    for (index, count) in workspace.rowCounts.enumerated() {
      let sums = moments + index * columns
      if count == 0 { sums.update(repeating: 0, count: columns) }
      for rank in 0..<count {
        if rank == 0 {
          moment.apply(to: row, into: sums, count: columns)
        } else {
          moment.add(row, to: sums, count: columns)
        }
        row += columns
      }
    }
  }

  /// Zeros the deltas of the hidden units in front of a layer that were off for the row's example.
  private func blockWhereOff(_ delta: UnsafeMutablePointer<Float>, layer: Int) {
    let columns = model.layers[layer].inputs
    let activations = input(of: layer)
    var row = delta
    for (index, count) in workspace.rowCounts.enumerated() {
      for _ in 0..<count {
        RowKernels.blockWhereOff(activations + index * columns, row, count: columns)
        row += columns
      }
    }
  }
}
