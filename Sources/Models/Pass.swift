import Tensors

/// Some examples of a batch on their way through a network at some weights.
public struct Pass {
  /// Where the examples are.
  public let batch: Batch
  /// Which of the batch's examples, at least one.
  public let examples: Range<Int>
  /// The output units that are active for any of the examples; nothing is computed for the others.
  public let units: Range<Int>
  /// All parameters of the network.
  public let weights: UnsafePointer<Float>
  /// Takes intermediate results.
  public let workspace: Workspace

  /// - Parameters:
  ///   - examples: Which of the batch's examples, at least one.
  ///   - units: Output units to compute; those that any of the examples needs if left out.
  public init(
    _ network: any Network, _ batch: Batch, _ examples: Range<Int>,
    units: Range<Int>? = nil, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) {
    precondition(batch.inputCount == network.inputs, "the batch has another number of inputs")
    precondition(
      workspace.activationCounts == network.activationCounts,
      "the workspace belongs to another network")
    self.batch = batch
    self.examples = examples
    self.weights = weights
    self.workspace = workspace
    var needed = batch.active[examples.lowerBound]
    for active in batch.active[examples] { needed = needed.spanning(active) }
    precondition(
      needed.lowerBound >= 0 && needed.upperBound <= network.outputs,
      "an active output unit does not exist")
    self.units = units ?? needed
  }

  /// The active units of an example, counted from the first of ``units``.
  func active(of example: Int) -> Range<Int> {
    let range = batch.active[example]
    return range.lowerBound - units.lowerBound..<range.upperBound - units.lowerBound
  }

  /// What goes into the network, examples × inputs.
  var inputs: UnsafePointer<Float> {
    UnsafePointer(batch.inputs.base + examples.lowerBound * batch.inputCount)
  }
}

/// Rows of derivatives by some values of each example: row-major, examples in order, each example
/// with rows of its own.
public struct Rows {
  /// The first row.
  public let base: UnsafeMutablePointer<Float>
  /// By example: how many rows are its own; `nil` for one each.
  public let counts: [Int]?
  /// Examples.
  public let exampleCount: Int
  /// All rows.
  public let count: Int

  /// One row per example.
  public init(_ base: UnsafeMutablePointer<Float>, exampleCount: Int) {
    self.base = base
    counts = nil
    self.exampleCount = exampleCount
    count = exampleCount
  }

  /// - Parameter counts: By example: how many rows are its own, ≥ 0.
  public init(_ base: UnsafeMutablePointer<Float>, counts: [Int]) {
    self.base = base
    self.counts = counts
    exampleCount = counts.count
    count = counts.reduce(0, +)
  }

  /// Rows that are divided among examples as these are, for derivatives by other values.
  func with(_ base: UnsafeMutablePointer<Float>) -> Rows {
    guard let counts else { return Rows(base, exampleCount: exampleCount) }
    return Rows(base, counts: counts)
  }

  /// Calls a function with the index of each example and its rows.
  func forEach(columns: Int, _ body: (Int, UnsafeMutablePointer<Float>, Int) -> Void) {
    var row = base
    for example in 0..<exampleCount {
      let count = counts?[example] ?? 1
      body(example, row, count)
      row += count * columns
    }
  }
}
