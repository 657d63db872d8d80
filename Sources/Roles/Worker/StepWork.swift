import Tensors

/// The work between two round trips: a gradient, or how far local steps lead, then one reference
/// after another, all at the same weights.
struct StepWork: Sendable {
  /// What a push is made of.
  struct Result: Sendable {
    let gradient: VectorSource
    let exampleCount: Int
    /// Mean over these examples.
    let loss: Double
    /// `nil` for what the worker keeps nothing of.
    var references: [(vector: VectorSource?, exampleCount: Int)] = []
  }

  let stage: Int
  let steps: Range<Int>
  /// Of the weights.
  let versions: [UInt64]
  private var result: Result?
  /// By reference: the finished stages that it is made from.
  private let memories: [[Int]]
  /// Where references are computed; `nil` if there are none.
  private let weights: HeldWeights?

  /// - Parameters:
  ///   - weights: At which all is computed.
  ///   - versions: Of the weights that the servers know.
  ///   - memories: By reference: the finished stages that it is made from.
  init(
    _ steps: Range<Int>, of stage: Int, at weights: HeldWeights, versions: [UInt64],
    memories: [[Int]]
  ) {
    self.stage = stage
    self.steps = steps
    self.versions = versions
    self.memories = memories
    self.weights = memories.isEmpty ? nil : weights
  }

  /// The next reference to be computed, once the gradient is here; `nil` when all are.
  var nextReference: Order? {
    guard let weights, let done = result?.references.count, done < memories.count else {
      return nil
    }
    return .reference(
      memories: memories[done], stage: stage, step: steps.lowerBound, weights: weights)
  }

  /// What a push is made of, once all is here.
  var whole: Result? { result.flatMap { $0.references.count == memories.count ? $0 : nil } }

  /// Enters the gradient of a worker.
  ///
  /// - Throws: A failure if it was not ordered.
  mutating func finish(
    _ gradient: VectorSource, exampleCount: Int, loss: Double, by worker: NodeID
  ) throws(Failure) {
    guard result == nil else { throw Failure.notOrdered(worker) }
    result = Result(gradient: gradient, exampleCount: exampleCount, loss: loss)
  }

  /// Enters the reference that a worker was ordered last.
  ///
  /// - Throws: A failure if none was.
  mutating func finish(
    reference vector: VectorSource?, exampleCount: Int, by worker: NodeID
  ) throws(Failure) {
    guard nextReference != nil, vector != nil || exampleCount == 0 else {
      throw Failure.notOrdered(worker)
    }
    result?.references.append((vector, exampleCount))
  }
}

extension StepWork.Result {
  /// Whether all of it is finite numbers. O(all elements).
  var isFinite: Bool {
    loss.isFinite && gradient.isFinite && references.allSatisfy { $0.vector?.isFinite ?? true }
  }
}
