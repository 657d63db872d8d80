import Tensors

/// The answer is the class whose mean is nearest: the mean over the kept examples of a class of
/// their features, which are made as long as 1, as is the mean.
///
/// Features are what the last layer gets. Sums and counts add up over workers, so that means do not
/// depend on who has which examples, but for rounding.
///
/// - Source: Rebuffi et al. 2017, "iCaRL", algorithm 1.
public struct NearestMean: Readout {
  /// It has no settings.
  public init() {}

  /// Of each class, under its output unit: how many examples, and the sum of their features.
  public func statement(
    of batch: Batch, keys: [UInt64], newest: Range<Int>, by network: any Network,
    at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [StatementRecord] {
    guard batch.count > 0 else { return [] }
    let width = network.featureCount
    var sums: [Int: [Double]] = [:]
    forEachFeature(of: batch, network, weights, workspace) { example, feature in
      var sum = sums.removeValue(forKey: batch.labels[example]) ?? Array(repeating: 0, count: width)
      for index in 0..<width { sum[index] += feature[index] }
      sums[batch.labels[example]] = sum
    }
    var counts: [Int: Int] = [:]
    for label in batch.labels { counts[label, default: 0] += 1 }
    return sums.sorted { $0.key < $1.key }.map { label, sum in
      StatementRecord(
        key: UInt64(label), values: [Float(counts[label] ?? 0)] + sum.map { Float($0) })
    }
  }

  /// One after another: the output unit and the elements of the mean.
  public func fit(to records: [StatementRecord]) -> [Float] {
    guard let count = records.first?.values.count, count > 1 else { return [] }
    return records.filter { $0.values.count == count && $0.values[0] > 0 }.flatMap { record in
      let mean = record.values.dropFirst().map { Double($0) / Double(record.values[0]) }
      return [Float(record.key)] + unit(mean).map { Float($0) }
    }
  }

  /// Those whose class has the nearest mean among the active ones. Of equally near ones the first
  /// unit's counts; a class without a mean is never the answer.
  public func answers(
    to batch: Batch, of network: any Network, at weights: UnsafePointer<Float>, fit: [Float],
    using workspace: Workspace
  ) -> Answers {
    let stride = network.featureCount + 1
    guard !fit.isEmpty, fit.count.isMultiple(of: stride) else {
      return Answers(isRight: network.answers(to: batch, at: weights, using: workspace))
    }
    let means = (0..<fit.count / stride).compactMap { place -> (unit: Int, first: Int)? in
      Int(exactly: fit[place * stride]).map { ($0, place * stride + 1) }
    }
    var answers = Answers()
    forEachFeature(of: batch, network, weights, workspace) { example, feature in
      var best: (unit: Int, closeness: Double)?
      for mean in means where batch.active[example].contains(mean.unit) {
        var closeness = 0.0
        for index in 0..<stride - 1 {
          closeness += feature[index] * Double(fit[mean.first + index])
        }
        // Both are as long as 1: the nearest is the one at the smallest angle.
        if best.map({ closeness > $0.closeness }) ?? !closeness.isNaN {
          best = (mean.unit, closeness)
        }
      }
      answers.isRight.append(best?.unit == batch.labels[example])
    }
    return answers
  }

  /// Calls a function with each example and its features, made as long as 1.
  private func forEachFeature(
    of batch: Batch, _ network: any Network, _ weights: UnsafePointer<Float>,
    _ workspace: Workspace, _ body: (Int, [Double]) -> Void
  ) {
    let width = network.featureCount
    for block in (0..<batch.count).pieces(of: MultilayerPerceptron.blockSize) {
      let pass = Pass(network, batch, block, at: weights, using: workspace)
      _ = network.forward(pass)
      let features = network.features(of: pass)
      for (index, example) in block.enumerated() {
        let row = features + index * width
        body(example, unit((0..<width).map { Double(row[$0]) }))
      }
    }
  }

  /// A vector made as long as 1; one of zeros stays.
  private func unit(_ vector: [Double]) -> [Double] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }
}
