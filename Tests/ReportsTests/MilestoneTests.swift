import Testing

@testable import Reports

@Suite struct `Utilisation and time to accuracy` {
  private func run(_ curve: [(step: Int, seconds: Double?, accuracies: [Double?])]) -> RunResult {
    var run = sample()
    run.curve = curve.map {
      RunResult.Point(step: $0.step, version: 0, accuracies: $0.accuracies, seconds: $0.seconds)
    }
    run.enterMilestones()
    return run
  }

  @Test func `a milestone is the first measurement whose mean over all tasks is enough`() throws {
    let run = run([
      (0, 0.5, [0, 0.02]), (10, 1, [0.2, nil]), (20, 2, [0.1, 0.2]), (30, 3, [0, 0]),
      (40, 4, [0.3, 0.2]), (50, nil, [1, 1]),
    ])
    #expect(
      run.timeToAccuracy.map { Int(($0.accuracy * 100).rounded()) } == [5, 10, 15, 20, 25])
    #expect(run.timeToAccuracy.map(\.step) == [20, 20, 20, 40, 40])
    #expect(run.timeToAccuracy.map(\.seconds) == [2, 2, 2, 4, 4])
  }

  @Test func `what was not reached is absent, in the file and in a study's figure`() throws {
    let run = run([(7, 1.5, [0.8, 0.8])])
    let again = try ResultJSON.decode(ResultJSON.encode(run), file: "f")[0]
    #expect(again.timeToAccuracy == run.timeToAccuracy && again.timeToAccuracy.count == 16)
    let reached = try #require(StudyFigure.named("time_to_accuracy.0.80"))
    let missed = try #require(StudyFigure.named("time_to_accuracy.0.85"))
    #expect(reached.value(in: again) == 1.5 && missed.value(in: again) == nil)
    #expect(StudyFigure.named("time_to_accuracy.0.81") == nil)
  }

  @Test func `utilisation is the busy share, and none without time`() throws {
    var run = sample()
    run.nodes = [
      .init(node: "worker 0", busySeconds: 1, waitingSeconds: 3),
      .init(node: "server 0", busySeconds: 0, waitingSeconds: 0),
    ]
    #expect(run.nodes.map(\.utilisation) == [0.25, nil])
    let again = try ResultJSON.decode(ResultJSON.encode(run), file: "f")[0]
    #expect(again.nodes == run.nodes)
    let table = RunNumbers(run).nodes
    #expect(table.contains("worker 0") && table.contains("25.0") && table.contains("–"))
  }
}
