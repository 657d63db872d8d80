import Tensors

/// What a coordinator asks all workers to measure, each on its part of the test examples.
public struct MeasureRequest: Sendable, Hashable, Codable {
  /// Names the measurement within the run.
  public let id: Int
  /// Which weights, and their version at every server.
  public let weights: WeightsRequest
  public let versions: [UInt64]
  /// Tasks to test.
  public let columns: [Int]
  /// Also compute and push the importance of the stage at this position of the worker's sequence,
  /// if it has one.
  public let importanceOfPosition: Int?
}

/// Examples in one order of evaluation. Short against the heartbeat even for wide networks on a
/// busy machine.
public let evaluationSliceCountMaximum = 500
/// Examples in one order of importance, likewise.
public let importanceSliceCountMaximum = 128
/// Examples that a worker's buffers must hold for evaluation and importance.
public let sliceCountMaximum = max(evaluationSliceCountMaximum, importanceSliceCountMaximum)

/// A worker's part of one measurement: slices of evaluation and of importance.
struct Measurement: Sendable {
  enum Slice: Sendable, Equatable {
    case evaluate(column: Int, examples: Range<Int>)
    case importance(examples: Range<Int>)
  }

  /// `nil` when only an importance is estimated.
  let request: MeasureRequest?
  let weights: HeldWeights
  /// The stage whose importance is estimated, and the version at each server it is an anchor of.
  let stage: Int?
  /// By column: right answers and examples, by class.
  private(set) var correct: [[Int]]
  private(set) var totals: [[Int]]
  private(set) var slices: [Slice]
  /// Sum of per-example importances; `nil` when none is wanted, or not here.
  let importanceSum: Vector?
  let importanceExampleCount: Int

  init(_ request: MeasureRequest?, at weights: HeldWeights, stage: Int?, plan: WorkerPlan) {
    self.request = request
    self.weights = weights
    self.stage = stage
    let columns = request?.columns ?? []
    correct = columns.map { Array(repeating: 0, count: plan.classCounts[$0]) }
    totals = correct
    importanceExampleCount = stage.map { plan.importanceExampleCounts[$0] } ?? 0
    importanceSum =
      plan.defersVectors ? nil : stage.map { _ in Vector(count: plan.map.parameterCount) }
    var slices: [Slice] = columns.flatMap { column in
      plan.testExamples[column].pieces(of: evaluationSliceCountMaximum)
        .map { Slice.evaluate(column: column, examples: $0) }
    }
    slices += Self.pieces(importanceExampleCount).map { Slice.importance(examples: $0) }
    self.slices = slices.reversed()
  }

  private static func pieces(_ importanceExampleCount: Int) -> [Range<Int>] {
    (0..<importanceExampleCount).pieces(of: importanceSliceCountMaximum)
  }

  /// All orders of the importance, without a place for their sum.
  var importanceOrders: [Order] {
    stage.map { stage in
      Self.pieces(importanceExampleCount).map {
        .importance(stage: stage, examples: $0, weights: weights, sum: nil)
      }
    } ?? []
  }

  /// The next slice to order, or `nil` when all is done.
  var next: Slice? { slices.last }

  mutating func finishEvaluation(correct found: [Int], totals tested: [Int]) {
    guard case .evaluate(let column, _) = slices.removeLast(),
      let index = request?.columns.firstIndex(of: column)
    else { return }
    for label in found.indices where correct[index].indices.contains(label) {
      correct[index][label] += found[label]
      totals[index][label] += tested[label]
    }
  }

  mutating func finishImportance() { slices.removeLast() }
}
