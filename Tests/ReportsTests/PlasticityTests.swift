import Testing

@testable import Reports

@Suite struct `A penalty that keeps a network from learning` {
  /// A run of three tasks with these accuracies right after each, and chance at a half.
  private func run(_ learned: [Double], strength: Double = 100) -> RunResult {
    var run = sample("mas")
    run.taskNames = ["a", "b", "c"]
    run.curve = []
    run.matrix =
      [[0.5, 0.5, 0.5]]
      + learned.indices.map { row in
        learned.indices.map { $0 == row ? learned[row] : 0.5 }
      }
    run.perWorker = (0..<2).map {
      .init(
        rank: $0, tasks: run.taskNames, matrix: run.matrix, accuracy: nil, backwardTransfer: nil)
    }
    run.diagnostics.strength = strength
    run.arrangement.taskOrder = [0, 1, 2]
    return run
  }

  @Test func `is told with what to lower`() throws {
    let held = run([0.98, 0.52, 0.58])
    #expect(
      held.hindrance == "the penalty keeps it from learning: the first task reached 98.0 %, later "
        + "ones 55.0 % on average, chance is 50.0 %; lower method.lambda, which is 100")
    let sentence = try #require(held.hindrance)
    let verdict = Verdict([held, run([0.9, 0.9, 0.9])], labels: ["MAS", "EWC"]).sentence
    #expect(verdict.hasSuffix("MAS: \(sentence)."))
    #expect(ReportPage([held]).html.contains("lower method.lambda, which is 100"))
  }

  @Test(arguments: [[0.98, 0.9, 0.8], [0.98, 0.75, 0.74], [0.55, 0.5, 0.5], [0.9, 0.95, 0.99]])
  func `is not told of a run that learns, or has learned nothing without it`(learned: [Double]) {
    #expect(run(learned).hindrance == nil)
  }

  @Test func `is not told where it cannot be known`() {
    let learned = [0.98, 0.52, 0.58]
    #expect(run(learned, strength: 0).hindrance == nil)
    var stopped = run(learned)
    stopped.matrix[2] = [nil, nil, nil]
    stopped.matrix[3] = [nil, nil, nil]
    #expect(stopped.hindrance == nil)
    var rotated = run(learned)
    rotated.perWorker[1].tasks = ["b", "c", "a"]
    #expect(rotated.hindrance == nil)
    var unknown = run(learned)
    unknown.chance = nil
    #expect(unknown.hindrance == nil)
  }

  @Test func `is looked for in the order in which tasks were completed`() {
    var late = run([0.98, 0.52, 0.58])
    late.arrangement.taskOrder = [2, 0, 1]
    late.matrix = [
      [0.5, 0.5, 0.5], [0.5, 0.5, 0.98], [0.9, 0.5, 0.5], [0.5, 0.94, 0.5],
    ]
    #expect(late.hindrance == nil)
    late.matrix[2][0] = 0.5
    late.matrix[3][1] = 0.5
    #expect(late.hindrance?.contains("98.0 %, later ones 50.0 %") == true)
  }
}
