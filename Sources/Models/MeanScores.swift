import Tensors

/// Means of examples, by which others are told apart: the score of mean m for an example x is
/// 2 m·x − |m|², which is |x|² less the squared distance, so that the nearest has the highest one.
struct MeanScores: Sendable, Hashable {
  /// Values of an example.
  let inputs: Int
  /// From sums to means.
  let levels: PixelLevels

  /// What a mean without examples scores: less than any other, and still a number.
  static let lowest = -Float.greatestFiniteMagnitude

  /// Writes the scores of all means for some examples.
  ///
  /// - Parameters:
  ///   - x: The examples, `count` × `inputs`.
  ///   - sums: Of levels, a row of `inputs` for each mean.
  ///   - counts: By mean: examples in its sum, ≥ 0.
  ///   - scores: `count` × means, overwritten.
  func score(
    _ x: UnsafePointer<Float>, count: Int, sums: UnsafePointer<Float>, counts: [Float],
    into scores: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    let rows = workspace.spare.0.reserve(counts.count * inputs)
    let offsets = workspace.spare.1.reserve(counts.count)
    for (index, examples) in counts.enumerated() {
      let row = rows + index * inputs
      guard examples > 0 else {
        row.update(repeating: 0, count: inputs)
        offsets[index] = Self.lowest
        continue
      }
      levels.writeMean(of: sums + index * inputs, examples: examples, into: row, count: inputs)
      offsets[index] = Float(-Kernels.sumOfSquares(row, count: inputs))
      Kernels.scale(row, by: 2, count: inputs)
    }
    RowKernels.fill(scores, withRow: offsets, rows: count, columns: counts.count)
    multiply(
      rows: count, columns: counts.count, inner: inputs, x, .asStored, rows, .transposed, beta: 1,
      into: scores)
  }
}
