public import Tensors

/// A differentiable function from inputs to scores. The value holds shapes only; parameters are one
/// flat vector that comes with every call.
///
/// A network knows no loss: a loss or an importance estimator is a function from logits to rows of
/// derivatives (``CrossEntropy``, ``ImportanceEstimator``), which the network carries back to its
/// parameters. What a network has to give is here; what it gives in return (gradient, loss,
/// answers) is in extensions.
public protocol Network: Sendable {
  /// Names the tensors of the parameter vector.
  var layout: ParameterLayout { get }
  /// Values of an example, ≥ 1.
  var inputs: Int { get }
  /// Output units of all heads together, ≥ 1.
  var outputs: Int { get }
  /// For each intermediate result that ``forward(_:)`` leaves for the way back: its floats for one
  /// example.
  var activationCounts: [Int] { get }

  /// Draws the parameters. Equal arguments give equal parameters on every machine.
  ///
  /// - Parameters:
  ///   - seed: The experiment's seed.
  ///   - draw: Tells several networks of one experiment apart, ≥ 0.
  func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int) -> Vector

  /// Computes the logits of the pass's units and leaves in its workspace what the way back needs.
  ///
  /// - Returns: examples × units, in `workspace.logits`.
  func forward(_ pass: Pass) -> UnsafeMutablePointer<Float>

  /// Carries one row of derivatives per example back and adds every parameter's derivative, summed
  /// over the rows. Call after ``forward(_:)`` of the same pass.
  ///
  /// - Parameters:
  ///   - rows: Derivatives by the logits, examples × units; what is there afterwards is undefined.
  ///   - gradient: `layout.count` elements, added to.
  func addGradient(
    of rows: UnsafeMutablePointer<Float>, in pass: Pass, to gradient: UnsafeMutablePointer<Float>)

  /// Carries rows of derivatives back and adds, for every parameter, the moments of what each row
  /// by itself gives. Call after ``forward(_:)`` of the same pass.
  ///
  /// - Parameters:
  ///   - rows: Derivatives by the logits; they lie in `workspace.logits` or `workspace.rows`.
  ///   - sum: `layout.count` elements, added to.
  func addMoments(
    _ moment: Moment, of rows: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>)

  /// Values of an example that its last layer makes scores of, ≥ 1: its features. The values of the
  /// last intermediate result if left out, or of the example where there is none.
  var featureCount: Int { get }

  /// The features of the examples of a pass, as ``forward(_:)`` has left them. Call it right after.
  ///
  /// - Returns: Examples × ``featureCount``, valid until something else goes through the workspace.
  func features(of pass: Pass) -> UnsafePointer<Float>
}

extension Network {
  /// The values of the last intermediate result, or of the example.
  public var featureCount: Int { activationCounts.last ?? inputs }

  /// The last intermediate result, or the examples.
  public func features(of pass: Pass) -> UnsafePointer<Float> {
    pass.workspace.activations.last.map { UnsafePointer($0.base) } ?? pass.inputs
  }
}

extension Network {
  /// Inputs, what each layer but the last gives, outputs.
  public var widths: [Int] { [inputs] + activationCounts + [outputs] }

  /// The first of several networks of one experiment.
  public func initialWeights(_ rule: Initialization, seed: UInt64) -> Vector {
    initialWeights(rule, seed: seed, draw: 0)
  }

  /// Examples that go through the network together when nothing has to come back.
  static var blockSize: Int { 512 }

  /// The scores of all output units, active or not: row-major, `batch.count` × `outputs`.
  public func logits(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [Float] {
    guard batch.count > 0 else { return [] }
    let pass = Pass(
      self, batch, 0..<batch.count, units: 0..<outputs, at: weights, using: workspace)
    return Array(UnsafeBufferPointer(start: forward(pass), count: batch.count * outputs))
  }

  /// How many examples get the highest score for their label among their active units. Of equal
  /// scores the first unit's counts as the highest; a score that is not a number is never right.
  public func correctCount(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Int {
    answers(to: batch, at: weights, using: workspace).count { $0 }
  }

  /// Which examples get the highest score for their label, in the same sense as
  /// ``correctCount(of:at:using:)``.
  public func answers(
    to batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [Bool] {
    answers(to: batch, at: weights, correcting: nil, using: workspace).isRight
  }

  /// What is answered by scores of which some are corrected first.
  func answers(
    to batch: Batch, at weights: UnsafePointer<Float>, correcting correction: LogitCorrection?,
    using workspace: Workspace
  ) -> Answers {
    var answers = Answers()
    for block in (0..<batch.count).pieces(of: Self.blockSize) {
      let pass = Pass(self, batch, block, at: weights, using: workspace)
      let logits = forward(pass)
      if let correction {
        answers.takenBefore += correction.takenCount(logits, of: pass)
        correction.apply(to: logits, rows: block.count, of: pass.units)
        answers.takenAfter += correction.takenCount(logits, of: pass)
      }
      for (index, example) in block.enumerated() {
        let row = logits + index * pass.units.count
        let label = batch.labels[example] - pass.units.lowerBound
        let active = pass.active(of: example)
        let isHighest =
          (active.lowerBound..<label).allSatisfy { row[$0] < row[label] }
          && (label..<active.upperBound).allSatisfy { row[$0] <= row[label] }
        answers.isRight.append(isHighest)
      }
    }
    return answers
  }
}
