public import Tensors

/// What some examples say about how much each parameter matters for them.
///
/// An estimator is a function from logits to rows of derivatives, summed over examples as squares
/// or magnitudes; it knows no layer.
public protocol ImportanceEstimator: Sendable {
  /// How many vectors of parameters it needs beside the sum; none if left out.
  var scratchVectorCount: Int { get }

  /// Adds the importance of every example of a batch: a sum, of which the caller takes the mean
  /// over all examples at the end.
  ///
  /// - Parameters:
  ///   - weights: `network.layout.count` parameters.
  ///   - sum: `network.layout.count` elements ≥ 0, or as many for each vector of derivatives; added
  ///     to.
  ///   - draws: Where an estimator that draws takes its draws from, in the order of the examples;
  ///     others do not touch it.
  func add(
    _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace, draws: inout RandomStream)

  /// Where importance is made of squared means, for which the sums of all workers are needed first:
  /// how many vectors of derivatives an estimator adds up, one after another in `sum`. `nil` if it
  /// adds up importances, in one vector; so if left out.
  ///
  /// - Parameter active: Most output units that are active for an example, ≥ 1.
  func derivativeCount(active: Int) -> Int?

  /// Whether a network has what it takes; so if left out.
  func fits(_ network: any Network) -> Bool
}

extension ImportanceEstimator {
  /// Importances, in one vector.
  public func derivativeCount(active: Int) -> Int? { nil }
  /// It asks no more than every network has.
  public func fits(_ network: any Network) -> Bool { true }
}

extension ImportanceEstimator {
  /// None.
  public var scratchVectorCount: Int { 0 }

  /// Carries a batch up in parts and what becomes of its logits down.
  ///
  /// - Parameters:
  ///   - rowsPerExample: Most rows that an example gets.
  ///   - rows: From the logits of a part, examples × units, to rows of derivatives by them.
  func addMoments(
    _ moment: Moment, _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace, rowsPerExample: Int = 1,
    rows: (UnsafeMutablePointer<Float>, Pass) -> Rows
  ) {
    // Enough examples for the matrix products to be fast, few enough for the rows to stay in the
    // cache and for the memory to be bounded.
    let size = min(128, max(1, 1024 / rowsPerExample))
    for block in (0..<batch.count).pieces(of: size) {
      let pass = Pass(network, batch, block, at: weights, using: workspace)
      let logits = network.forward(pass)
      network.addMoments(moment, of: rows(logits, pass), in: pass, to: sum)
    }
  }
}
