import Testing

@testable import Metrics

@Suite struct `Evaluation tally` {
  private let empty = EvaluationTally(version: 7, row: 2, columns: [0, 2], workerCount: 2)

  @Test func `adds counts of all workers before it divides`() throws {
    var tally = empty
    #expect(tally.missingWorkers == [0, 1])
    try tally.enter(worker: 1, version: 7, correct: [1, 0], totals: [1, 3])
    #expect(!tally.isComplete)
    #expect(tally.accuracies(taskCount: 3) == nil)
    #expect(tally.missingWorkers == [0])

    try tally.enter(worker: 0, version: 7, correct: [2, 3], totals: [4, 5])
    #expect(tally.isComplete)
    // Not the mean of 1/1 and 2/4.
    #expect(tally.accuracies(taskCount: 3) == [3.0 / 5, nil, 3.0 / 8])
    #expect(tally.accuracies(ofWorker: 0, taskCount: 3) == [0.5, nil, 0.6])
    #expect(tally.accuracies(ofWorker: 1, taskCount: 3) == [1, nil, 0])
  }

  @Test func `does not depend on the order of arrival`() throws {
    var (first, second) = (empty, empty)
    try first.enter(worker: 0, version: 7, correct: [2, 3], totals: [4, 5])
    try first.enter(worker: 1, version: 7, correct: [1, 0], totals: [1, 3])
    try second.enter(worker: 1, version: 7, correct: [1, 0], totals: [1, 3])
    try second.enter(worker: 0, version: 7, correct: [2, 3], totals: [4, 5])
    #expect(first == second)
  }

  @Test func `knows nothing of a task without examples`() throws {
    var tally = EvaluationTally(version: 0, row: nil, columns: [0], workerCount: 1)
    try tally.enter(worker: 0, version: 0, correct: [0], totals: [0])
    #expect(tally.accuracies(taskCount: 1) == [nil])
  }

  @Test func `counts each worker once`() throws {
    var tally = empty
    try tally.enter(worker: 0, version: 7, correct: [2, 3], totals: [4, 5])
    let before = tally
    #expect(throws: EvaluationTallyError.repeated(worker: 0)) {
      try tally.enter(worker: 0, version: 7, correct: [4, 5], totals: [4, 5])
    }
    #expect(tally == before)
  }

  @Test func `refuses what does not fit and names the worker`() {
    var tally = empty
    #expect(throws: EvaluationTallyError.unknownWorker(2, workerCount: 2)) {
      try tally.enter(worker: 2, version: 7, correct: [0, 0], totals: [1, 1])
    }
    #expect(throws: EvaluationTallyError.wrongVersion(worker: 1, expected: 7, got: 6)) {
      try tally.enter(worker: 1, version: 6, correct: [0, 0], totals: [1, 1])
    }
    for (correct, totals) in [([0], [1]), ([0, 0], [1]), ([2, 0], [1, 1]), ([-1, 0], [1, 1])] {
      #expect(throws: EvaluationTallyError.impossibleCounts(worker: 1, columnCount: 2)) {
        try tally.enter(worker: 1, version: 7, correct: correct, totals: totals)
      }
    }
    #expect(tally == empty)
    #expect("\(EvaluationTallyError.repeated(worker: 3))".contains("worker 3"))
  }
}
