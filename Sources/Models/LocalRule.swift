public import Tensors

/// How a worker turns a batch into what it pushes, where that is not the gradient of a loss: each
/// example changes what is next to its own activity, as in Hebb's rule. What is pushed is a sum
/// over examples, and the parameters are the sum of all that was ever pushed.
///
/// - Source: Hebb 1949, "The organization of behavior", ch. 4.
public protocol LocalRule: Sendable {
  /// The network that it makes for examples of a shape.
  ///
  /// - Parameters:
  ///   - inputs: Values of an example, ≥ 1.
  ///   - outputs: Output units of all heads together, ≥ 1.
  ///   - levels: What the values stand for.
  func learner(inputs: Int, outputs: Int, levels: PixelLevels) -> any LocalLearner
}

/// A network whose parameters are sums over examples, which it makes itself.
///
/// They begin at 0, whatever the seed, and nothing asks for derivatives by them.
public protocol LocalLearner: Network {
  /// Writes what a batch adds to the parameters.
  ///
  /// - Parameters:
  ///   - batch: The examples; none give zeros.
  ///   - weights: `layout.count` parameters, as they are before it.
  ///   - sum: `layout.count` elements, overwritten.
  /// - Returns: The mean squared distance of the examples to what they were taken for, in inputs;
  ///   0 for none.
  func learn(
    _ batch: NumberedBatch, at weights: UnsafePointer<Float>,
    into sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double

  /// How many of its units have learned nothing, and how many there are; `nil` where each has
  /// examples of its own.
  func idleUnits(at weights: UnsafePointer<Float>) -> (idle: Int, all: Int)?
}

extension LocalLearner {
  /// Each unit has examples of its own.
  public func idleUnits(at weights: UnsafePointer<Float>) -> (idle: Int, all: Int)? { nil }

  /// Whether all sums are still exact: whole numbers of at most 2²⁴.
  public func isExact(at weights: UnsafePointer<Float>) -> Bool {
    Kernels.largest(weights, count: layout.count) <= 0x1p24
  }

  /// Zeros: nothing has been seen.
  public func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int) -> Vector {
    Vector(count: layout.count)
  }

  /// Never called: a local rule has no loss, and goes with nothing that has one.
  public func addGradient(
    of rows: UnsafeMutablePointer<Float>, in pass: Pass, to gradient: UnsafeMutablePointer<Float>
  ) {
    preconditionFailure("what a local rule learns has no gradient")
  }

  /// Never called: a local rule goes with no penalty.
  public func addMoments(
    _ moment: Moment, of rows: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>
  ) {
    preconditionFailure("what a local rule learns has no gradient")
  }
}

/// Examples of a step of one stage, with their numbers among those of all workers.
public struct NumberedBatch: Sendable {
  /// The examples of one worker.
  public let batch: Batch
  /// Whose examples they are, 0-based.
  public let stage: Int
  /// Stages of the run, ≥ 1.
  public let stageCount: Int
  /// By example: its number in the order in which all workers together come to the stage's
  /// examples, again and again those of one round after those of the last; no two are equal.
  public let numbers: [Int]

  /// `numbers` has one entry an example.
  public init(_ batch: Batch, stage: Int, of stageCount: Int, numbers: [Int]) {
    precondition((0..<stageCount).contains(stage), "the stage is one of the run")
    precondition(numbers.count == batch.count, "every example has a number")
    self.batch = batch
    self.stage = stage
    self.stageCount = stageCount
    self.numbers = numbers
  }
}
