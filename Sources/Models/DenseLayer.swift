import Tensors

/// y = W x + b.
struct DenseLayer: Layer, Hashable {
  let inputs: Int
  let outputs: Int
  let isRectified: Bool

  var tensors: [(name: String, shape: [Int])] {
    [(name: "weight", shape: [outputs, inputs]), (name: "bias", shape: [outputs])]
  }
  var fanIn: Int { inputs }
  var fanOut: Int { outputs }

  /// Where the biases begin among the layer's parameters.
  private var biasOffset: Int { inputs * outputs }

  func forward(
    _ x: UnsafePointer<Float>, count: Int, units: Range<Int>, at weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    // The biases go in first and the product adds to them: one pass over the output less.
    RowKernels.fill(
      y, withRow: weights + biasOffset + units.lowerBound, rows: count, columns: units.count)
    multiply(
      rows: count, columns: units.count, inner: inputs,
      x, .asStored, weights + units.lowerBound * inputs, .transposed, beta: 1, into: y)
  }

  func addGradient(
    of delta: UnsafePointer<Float>, count: Int, units: Range<Int>, input x: UnsafePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    // Adding to zeros is faster than the matrix library's own way to overwrite.
    multiply(
      rows: units.count, columns: inputs, inner: count,
      delta, .transposed, x, beta: 1, into: gradient + units.lowerBound * inputs)
    RowKernels.addColumnSums(
      of: delta, rows: count, columns: units.count, to: gradient + biasOffset + units.lowerBound)
  }

  /// The derivative by a weight is δ·a, so that Σ (δ a)² = Σ δ² a² is a product of two matrices;
  /// the rows of one example share its a, so their δ² are summed first.
  func addMoments(
    _ moment: Moment, of delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    let count = delta.exampleCount
    let deltaMoments = workspace.spare.0.reserve(count * units.count)
    moment.fold(delta, columns: units.count, into: deltaMoments)
    let inputMoments = workspace.spare.1.reserve(count * inputs)
    moment.apply(to: x, into: inputMoments, count: count * inputs)
    addGradient(
      of: deltaMoments, count: count, units: units, input: inputMoments, to: sum, using: workspace)
  }

  func backward(
    _ delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    at weights: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    multiply(
      rows: delta.count, columns: inputs, inner: units.count,
      delta.base, .asStored, weights + units.lowerBound * inputs, into: next)
  }
}
