import Tensors

extension MultilayerPerceptron {
  /// Adds Σ_n Σ_c p_nc (δ_nc a_nᵀ)². Per example the squares of all classes are summed before the one
  /// product with a∘a: S = Σ_c p_c δ_c∘δ_c.
  ///
  /// The classes of all examples go down the network as one tall matrix of δ, a row per (class,
  /// example), so that each layer is one product.
  func addExactFisher(
    _ batch: Batch, at weights: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    let probabilities = workspace.deltas[layerCount - 1]
    let classCount = batch.active.map(\.count).max() ?? 0
    let rowCount = classCount * batch.count
    var upper = topDeltas(batch, classCount, probabilities)
    for layer in stride(from: layerCount - 1, through: 0, by: -1) {
      let width = widths[layer + 1]
      if layer < layerCount - 1 {
        upper = lowerDeltas(
          upper, below: layer + 1, rowCount, batch, at: weights, using: workspace)
      }
      let squares = workspace.buffer(0, count: batch.count * width)
      weighSquares(upper, batch, classCount, probabilities, width, into: squares)
      let count = batch.count * widths[layer]
      let inputSquares = workspace.buffer(1, count: count)
      let values = inputs(of: layer, batch, workspace)
      for index in 0..<count { inputSquares[index] = values[index] * values[index] }
      addOuterProducts(
        squares, inputSquares, count: batch.count, layer: layer, beta: 1, into: sum)
    }
  }

  /// δ_c = p − e_c, one block of rows per class; zero rows where an example has fewer classes.
  private func topDeltas(_ batch: Batch, _ classCount: Int, _ probabilities: Vector) -> Vector {
    let deltas = Vector(count: classCount * batch.count * outputCount)
    for place in 0..<classCount {
      for row in 0..<batch.count where place < batch.active[row].count {
        let delta = deltas.base + (place * batch.count + row) * outputCount
        delta.update(from: probabilities.base + row * outputCount, count: outputCount)
        delta[batch.active[row].lowerBound + place] -= 1
      }
    }
    return deltas
  }

  /// δ of the layer below for every row: δ W, where ReLU let the example's activation through.
  private func lowerDeltas(
    _ upper: Vector, below layer: Int, _ rowCount: Int, _ batch: Batch,
    at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Vector {
    let width = widths[layer]
    let lower = Vector(uninitialized: rowCount * width)
    multiply(
      rows: rowCount, columns: width, inner: widths[layer + 1], upper.base, .asStored,
      weights + weightOffset(layer), .asStored, into: lower.base)
    let activations = workspace.activations[layer - 1].base
    let count = batch.count * width
    for start in stride(from: 0, to: rowCount * width, by: count) {
      let block = lower.base + start
      for index in 0..<count { block[index] = activations[index] > 0 ? block[index] : 0 }
    }
    return lower
  }

  /// S = Σ_c p_c δ_c∘δ_c per example.
  private func weighSquares(
    _ deltas: Vector, _ batch: Batch, _ classCount: Int, _ probabilities: Vector, _ width: Int,
    into squares: UnsafeMutablePointer<Float>
  ) {
    squares.update(repeating: 0, count: batch.count * width)
    for place in 0..<classCount {
      for row in 0..<batch.count where place < batch.active[row].count {
        let unit = batch.active[row].lowerBound + place
        let probability = probabilities.base[row * outputCount + unit]
        let delta = deltas.base + (place * batch.count + row) * width
        let square = squares + row * width
        for index in 0..<width { square[index] += probability * (delta[index] * delta[index]) }
      }
    }
  }
}
