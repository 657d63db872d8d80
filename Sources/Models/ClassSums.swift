public import Tensors

/// The sum of each class's examples and how many they are: Hebb's rule with a unit a class, which
/// the label makes active, so that the unit's weights grow by the example.
///
/// Examples are added up as whole numbers (``PixelLevels``). As long as no sum reaches 2²⁴, all are
/// exact, so that the parameters have the same bits for any order of examples and tasks, any
/// placement and any number of workers: nothing that comes later changes what was known of a class.
public struct ClassSums: LocalLearner, Hashable {
  /// How a class is found by the sums.
  public enum Scores: String, Sendable, Hashable, CaseIterable {
    /// By the distance to the mean m: 2 m·x − |m|².
    case distance
    /// By the unit's activity, n m·x with n the examples of the class: Hebb's rule by itself, which
    /// favours classes that are common or bright.
    case correlation
  }

  /// Values of an example.
  public let inputs: Int
  /// Classes K.
  public let outputs: Int
  /// `class.sums` [K, inputs] of levels, `class.counts` [K].
  public let layout: ParameterLayout
  private let scores: Scores
  private let means: MeanScores

  /// - Parameters:
  ///   - inputs: Values of an example, ≥ 1.
  ///   - outputs: K ≥ 1.
  ///   - levels: What the values stand for.
  ///   - scores: How a class is found.
  public init(inputs: Int, outputs: Int, levels: PixelLevels, scores: Scores = .distance) {
    precondition(inputs >= 1 && outputs >= 1, "there is something to tell apart")
    self.inputs = inputs
    self.outputs = outputs
    self.scores = scores
    means = MeanScores(inputs: inputs, levels: levels)
    layout = ParameterLayout([
      (name: "class.sums", shape: [outputs, inputs]), (name: "class.counts", shape: [outputs]),
    ])
  }

  /// None: it is one layer.
  public var activationCounts: [Int] { [] }

  private var countOffset: Int { inputs * outputs }

  /// A class without examples scores less than any other that is told by its mean, and 0 by
  /// correlation.
  public func forward(_ pass: Pass) -> UnsafeMutablePointer<Float> {
    let units = pass.units
    let logits = pass.workspace.logits.reserve(pass.examples.count * units.count)
    let counts = units.map { pass.weights[countOffset + $0] }
    let sums = pass.weights + units.lowerBound * inputs
    switch scores {
    case .distance:
      means.score(
        pass.inputs, count: pass.examples.count, sums: sums, counts: counts, into: logits,
        using: pass.workspace)
    case .correlation:
      let rows = pass.workspace.spare.0.reserve(units.count * inputs)
      for (index, examples) in counts.enumerated() {
        let row = rows + index * inputs
        means.levels.writeMean(
          of: sums + index * inputs, examples: max(1, examples), into: row, count: inputs)
        Kernels.scale(row, by: examples, count: inputs)
      }
      multiply(
        rows: pass.examples.count, columns: units.count, inner: inputs, pass.inputs, .asStored,
        rows, .transposed, into: logits)
    }
    return logits
  }

  /// Adds each example to its class. The distance of an example is that to the mean of its class,
  /// 0 for the first ones.
  public func learn(
    _ batch: NumberedBatch, at weights: UnsafePointer<Float>,
    into sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    sum.update(repeating: 0, count: layout.count)
    let batch = batch.batch
    guard batch.count > 0 else { return 0 }
    let mean = workspace.spare.0.reserve(inputs)
    var distances = 0.0
    for (index, unit) in batch.labels.enumerated() {
      let x = batch.inputs.base + index * inputs
      means.levels.addLevels(of: x, to: sum + unit * inputs, count: inputs)
      sum[countOffset + unit] += 1
      let examples = weights[countOffset + unit]
      guard examples > 0 else { continue }
      means.levels.writeMean(
        of: weights + unit * inputs, examples: examples, into: mean, count: inputs)
      Kernels.addScaled(x, by: -1, to: mean, count: inputs)
      distances += Kernels.sumOfSquares(mean, count: inputs)
    }
    return distances / Double(batch.count)
  }
}

/// Makes ``ClassSums``.
public struct ClassSumRule: LocalRule, Hashable {
  /// How a class is found by the sums.
  public let scores: ClassSums.Scores

  /// - Parameter scores: How a class is found by the sums.
  public init(scores: ClassSums.Scores = .distance) { self.scores = scores }

  /// A sum for each output unit.
  public func learner(inputs: Int, outputs: Int, levels: PixelLevels) -> any LocalLearner {
    ClassSums(inputs: inputs, outputs: outputs, levels: levels, scores: scores)
  }
}
