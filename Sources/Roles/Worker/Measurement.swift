import Models
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
  /// Instead, tell what the method's readout is to know of the examples that are kept after this
  /// phase; answered by `stated`.
  public let statementOfPhase: Int?
  /// What was fitted at the last boundary for the method's readout, if anything was.
  public let fit: [Float]?

  /// - Parameters:
  ///   - id: Names the measurement within the run.
  ///   - weights: Which weights.
  ///   - versions: Theirs at every server.
  ///   - columns: Tasks to test.
  ///   - importanceOfPosition: Of the stage whose importance is to be pushed, if any.
  ///   - statementOfPhase: After which it is to tell of what it keeps, if any.
  ///   - fit: What was fitted at the last boundary for the method's readout, if anything was.
  public init(
    id: Int, weights: WeightsRequest, versions: [UInt64], columns: [Int],
    importanceOfPosition: Int? = nil, statementOfPhase: Int? = nil, fit: [Float]? = nil
  ) {
    self.id = id
    self.weights = weights
    self.versions = versions
    self.columns = columns
    self.importanceOfPosition = importanceOfPosition
    self.statementOfPhase = statementOfPhase
    self.fit = fit
  }
}

/// Examples in one order of evaluation. Short against the heartbeat even for wide networks on a
/// busy machine.
public let evaluationSliceCountMaximum = 500
/// Examples in one order of importance, for which each is carried down the network several times.
public let importanceSliceCountMaximum = 128
/// Examples that a worker's buffers must hold for evaluation and importance.
public let sliceCountMaximum = max(evaluationSliceCountMaximum, importanceSliceCountMaximum)

/// Where local steps have led, before it is pushed.
struct Displacement: Sendable {
  /// From the weights at which they began, in units of the rate.
  let vector: Vector
  /// The weights to which they led.
  let end: Vector
  let steps: Range<Int>
  let exampleCount: Int
  let loss: Double
}

/// A worker's part of one measurement at one version of the weights: slices of evaluation, then of
/// importance.
struct Measurement: Sendable {
  /// Whom it is for.
  enum Purpose: Sendable {
    /// The coordinator asked.
    case request(MeasureRequest)
    /// The servers keep these weights as the worker's anchor and wait for its importance.
    case anchor
    /// A push that takes the importance along.
    case push(Displacement)
  }

  /// What one order measures.
  enum Slice: Sendable, Equatable {
    case evaluation(column: Int, examples: Range<Int>)
    case importance(examples: Range<Int>)
    case statement(phase: Int, from: Int)
  }

  let purpose: Purpose
  let weights: HeldWeights
  /// The stage whose importance is estimated, if any.
  let stage: Int?
  /// Examples that the importance is estimated from.
  let importanceExampleCount: Int
  /// Columns to test.
  private let columns: [Int]
  /// By column: right answers and examples, by class.
  private(set) var correct: [[Int]]
  private(set) var totals: [[Int]]
  /// The last one is the next.
  private var slices: [Slice]
  /// Sums of per-example importances, one a part.
  private(set) var importances: [VectorSource] = []
  /// What the readout is to know of what was looked at so far.
  private(set) var statement: [StatementRecord] = []
  private let partCount: Int
  private let parameterCount: Int

  /// - Parameter stage: The one whose importance is wanted; `nil` for none.
  init(_ purpose: Purpose, at weights: HeldWeights, stage: Int?, plan: WorkerPlan) {
    self.purpose = purpose
    self.weights = weights
    self.stage = stage
    columns = if case .request(let request) = purpose { request.columns } else { [] }
    correct = columns.map { Array(repeating: 0, count: plan.classCounts[$0]) }
    totals = correct
    importanceExampleCount = stage.map { plan.importanceExampleCounts[$0] } ?? 0
    partCount = plan.importancePartCount
    parameterCount = plan.map.parameterCount
    let evaluation: [Slice] = columns.flatMap { column in
      plan.testExamples[column].pieces(of: evaluationSliceCountMaximum)
        .map { .evaluation(column: column, examples: $0) }
    }
    let importance: [Slice] = (0..<importanceExampleCount)
      .pieces(of: importanceSliceCountMaximum).map { .importance(examples: $0) }
    let statement: [Slice] =
      if case .request(let request) = purpose, let phase = request.statementOfPhase {
        [.statement(phase: phase, from: 0)]
      } else {
        []
      }
    slices = (evaluation + importance + statement).reversed()
    if stage != nil, importance.isEmpty {
      // Of no examples.
      let zero = Vector(count: parameterCount).view
      importances = Array(repeating: .here(zero), count: partCount)
    }
  }

  /// Whether it is of weights while nobody trains.
  var isAtRest: Bool {
    if case .request(let request) = purpose { request.weights == .atRest } else { false }
  }

  /// The next order, or `nil` when all is done.
  var next: Order? {
    switch (slices.last, stage) {
    case (.evaluation(let column, let examples), _):
      .evaluate(column: column, examples: examples, weights: weights)
    case (.importance(let examples), let stage?):
      .importance(
        stage: stage, examples: examples, of: importanceExampleCount, weights: weights)
    case (.statement(let phase, let first), _):
      .statement(phase: phase, from: first, weights: weights)
    default: nil
    }
  }

  /// Enters the result of the order under way.
  ///
  /// - Parameter next: Where the next slice begins; `nil` after the last.
  /// - Returns: `false` if it is not that order's.
  mutating func finish(statement records: [StatementRecord], next: Int?) -> Bool {
    guard case .statement(let phase, let first) = slices.last, next ?? .max > first,
      let all = [StatementRecord].merged([statement, records])
    else { return false }
    slices.removeLast()
    statement = all
    if let next { slices.append(.statement(phase: phase, from: next)) }
    return true
  }

  /// Enters the result of the order under way.
  ///
  /// - Returns: `false` if it is not that order's.
  mutating func finish(correct found: [Int], totals tested: [Int]) -> Bool {
    guard case .evaluation(let column, _) = slices.last, let index = columns.firstIndex(of: column)
    else { return false }
    slices.removeLast()
    for label in found.indices where correct[index].indices.contains(label) {
      correct[index][label] += found[label]
      totals[index][label] += tested[label]
    }
    return true
  }

  /// Enters the result of the order under way.
  ///
  /// - Parameter sums: Over all slices, after the last of them.
  /// - Returns: `false` if it is not that order's, or not of the model's length.
  mutating func finish(importance sums: [VectorSource]?) -> Bool {
    guard case .importance(let examples) = slices.last else { return false }
    let isLast = examples.upperBound == importanceExampleCount
    guard (sums != nil) == isLast else { return false }
    slices.removeLast()
    guard let sums else { return true }
    importances = sums
    return sums.count == partCount
      && sums.allSatisfy { $0.view.map { $0.count == parameterCount } ?? true }
  }
}
