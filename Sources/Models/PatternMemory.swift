public import Tensors

/// An autoassociative memory: each pattern of ±1 is added to the correlations of all pairs of its
/// elements, and from a part of a pattern one step of recall gives the rest.
///
///     w_ij ← w_ij + p_i p_j, w_ii = 0;   recall: p_i = sign Σ_j w_ij p_j
///
/// A pattern has an element for each value of an example, +1 from half a full pixel on, and one for
/// each output unit, +1 for the label's, so that recall from the values alone says the class. Of m
/// random patterns of N elements one step gets an element wrong with probability
/// ½ erfc √(N/2m): .001 at m = .105 N, .0036 at .138 N. Images are far from random, and hold less.
/// All sums are exact for up to 2²⁴ patterns.
///
/// - Source: Hopfield 1982; the error of a step: Hertz, Krogh & Palmer 1991, §2.2.
public struct PatternMemory: LocalLearner, Hashable {
  /// Values of an example.
  public let inputs: Int
  /// Elements of a pattern that say the class.
  public let outputs: Int
  /// `memory.correlations` [elements, elements].
  public let layout: ParameterLayout
  private let levels: PixelLevels

  /// - Parameters:
  ///   - inputs: Values of an example, ≥ 1.
  ///   - outputs: Classes, ≥ 1.
  ///   - levels: What the values stand for.
  public init(inputs: Int, outputs: Int, levels: PixelLevels) {
    precondition(inputs >= 1 && outputs >= 1, "there is something to keep")
    self.inputs = inputs
    self.outputs = outputs
    self.levels = levels
    let elements = inputs + outputs
    layout = ParameterLayout([(name: "memory.correlations", shape: [elements, elements])])
  }

  /// Of a pattern: one for each value and each class.
  public var elements: Int { inputs + outputs }

  /// The patterns.
  public var activationCounts: [Int] { [elements] }

  /// Writes the patterns of the examples of a pass without their classes, whose elements are 0.
  private func patterns(_ pass: Pass) -> UnsafeMutablePointer<Float> {
    let patterns = pass.workspace.activations[0].reserve(pass.examples.count * elements)
    for index in 0..<pass.examples.count {
      let (x, row) = (pass.inputs + index * inputs, patterns + index * elements)
      for place in 0..<inputs { row[place] = levels.level(of: x[place]) >= 128 ? 1 : -1 }
      (row + inputs).update(repeating: 0, count: outputs)
    }
    return patterns
  }

  /// Writes Σ_j w_ij p_j, whose sign is what one step recalls, for some elements i.
  ///
  /// - Parameters:
  ///   - wanted: Which elements.
  ///   - patterns: `count` × ``elements``; 0 for an element that is not known.
  ///   - weights: `layout.count` correlations.
  ///   - fields: `count` × wanted elements, overwritten.
  public func recall(
    _ wanted: Range<Int>, of patterns: UnsafePointer<Float>, count: Int,
    at weights: UnsafePointer<Float>, into fields: UnsafeMutablePointer<Float>
  ) {
    multiply(
      rows: count, columns: wanted.count, inner: elements, patterns, .asStored,
      weights + wanted.lowerBound * elements, .transposed, into: fields)
  }

  /// One step of recall of the classes.
  public func forward(_ pass: Pass) -> UnsafeMutablePointer<Float> {
    let logits = pass.workspace.logits.reserve(pass.examples.count * pass.units.count)
    recall(
      inputs + pass.units.lowerBound..<inputs + pass.units.upperBound, of: patterns(pass),
      count: pass.examples.count, at: pass.weights, into: logits)
    return logits
  }

  /// Adds the outer product of each pattern. Nothing is compared: the distance is 0.
  ///
  /// - Complexity: O(elements²) an example.
  public func learn(
    _ batch: NumberedBatch, at weights: UnsafePointer<Float>,
    into sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    let batch = batch.batch
    guard batch.count > 0 else {
      sum.update(repeating: 0, count: layout.count)
      return 0
    }
    let pass = Pass(
      self, batch, 0..<batch.count, units: 0..<outputs, at: weights, using: workspace)
    let patterns = patterns(pass)
    for (index, label) in batch.labels.enumerated() {
      let classes = patterns + index * elements + inputs
      classes.update(repeating: -1, count: outputs)
      classes[label] = 1
    }
    multiply(
      rows: elements, columns: elements, inner: batch.count, patterns, .transposed, patterns,
      .asStored, into: sum)
    for element in 0..<elements { sum[element * elements + element] = 0 }
    return 0
  }
}

/// Makes ``PatternMemory``.
public struct PatternMemoryRule: LocalRule, Hashable {
  /// It has no settings.
  public init() {}

  /// A memory of examples with their classes.
  public func learner(inputs: Int, outputs: Int, levels: PixelLevels) -> any LocalLearner {
    PatternMemory(inputs: inputs, outputs: outputs, levels: levels)
  }
}
