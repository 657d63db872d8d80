import Metrics
import Testing

@Suite struct `Gain over fresh models` {
  private let sequence = AccuracyMatrix(
    rows: [[0.5, 0.5, 0.5], [0.9, 0.5, 0.5], [0.4, 0.95, 0.6], [0.3, 0.6, 0.85]])
  /// What stands beside the diagonal is of models that never saw the task.
  private let fresh = AccuracyMatrix(
    rows: [[0.5, 0.5, 0.5], [0.9, 0, 0], [0, 0.8, 0], [0, 0, 0.75]])

  @Test func `is read off the diagonals`() throws {
    let (sequence, fresh) = (try #require(sequence), try #require(fresh))
    #expect(sequence.lastTaskAccuracy == 0.85)
    #expect(try abs(#require(sequence.lastTaskGain(over: fresh)) - 0.1) < 1e-12)
    #expect(try abs(#require(sequence.learningGain(over: fresh)) - 0.25 / 3) < 1e-12)
    #expect(fresh.lastTaskGain(over: fresh) == 0 && fresh.learningGain(over: fresh) == 0)
  }

  @Test func `is unknown where tasks differ or were not measured`() throws {
    var sequence = try #require(sequence)
    let fresh = try #require(fresh)
    #expect(sequence.lastTaskGain(over: AccuracyMatrix(taskCount: 2)) == nil)
    #expect(sequence.learningGain(over: AccuracyMatrix(taskCount: 2)) == nil)
    sequence.set(row: 1, to: [nil, 0.5, 0.5])
    #expect(sequence.lastTaskGain(over: fresh) != nil && sequence.learningGain(over: fresh) == nil)
    #expect(AccuracyMatrix(taskCount: 0).lastTaskAccuracy == nil)
  }
}
