import Tensors

/// A worker's part of one row (or sample): slices of evaluation and, at a boundary, of importance.
struct Measurement: Sendable {
  enum Slice: Sendable, Equatable {
    case evaluate(column: Int, examples: Range<Int>)
    case importance(examples: Range<Int>)
  }

  /// Examples in one order. Short against the heartbeat even for wide networks on a busy machine.
  static let evaluationSliceCount = 500
  static let importanceSliceCount = 128

  let row: Int?
  let columns: [Int]
  let stage: Int
  let totals: [Int]
  private(set) var correct: [Int]
  private(set) var slices: [Slice]
  /// Sum of per-example importances; `nil` when none is wanted.
  let importanceSum: Vector?
  let importanceExampleCount: Int

  init(row: Int?, columns: [Int], stage: Int, importance: Bool, plan: WorkerPlan) {
    self.row = row
    self.columns = columns
    self.stage = stage
    totals = columns.map { plan.testExamples[$0].count }
    correct = Array(repeating: 0, count: columns.count)
    importanceExampleCount = importance ? plan.importanceExampleCounts[stage] : 0
    importanceSum = importance ? Vector(count: plan.parameterCount) : nil
    var slices: [Slice] = columns.flatMap { column in
      plan.testExamples[column].pieces(of: Self.evaluationSliceCount)
        .map { Slice.evaluate(column: column, examples: $0) }
    }
    if importance {
      slices += (0..<importanceExampleCount).pieces(of: Self.importanceSliceCount)
        .map { Slice.importance(examples: $0) }
    }
    self.slices = slices.reversed()
  }

  /// The next slice to order, or `nil` when all is done.
  var next: Slice? { slices.last }

  mutating func finishSlice(correct count: Int) {
    if case .evaluate(let column, _) = slices.removeLast(),
      let index = columns.firstIndex(of: column)
    {
      correct[index] += count
    }
  }
}
