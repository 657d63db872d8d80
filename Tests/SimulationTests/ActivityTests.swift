import Reports
import Roles
import Running
import Tensors
import Testing

@testable import Training

@Suite struct `A result` {
  private func result(_ sets: [String]) throws -> (run: SimulatedRun, result: RunResult) {
    let run = try SimulatedRun(
      ["optimizer.kind=sgd", "optimizer.rate=0.1", "stream.iterations=10"] + sets)
    let result = RunResult(
      run.record, of: run.blueprint, mode: "simulation", seconds: 1, virtualSeconds: nil,
      command: "")
    return (run, result)
  }

  @Test(arguments: [1, 3])
  func `says what was in memory, and how much of it came back`(workers: Int) throws {
    let (run, result) = try result([
      "method.name=replay", "method.memory=14", "method.replay-batch=5",
      "cluster.workers=\(workers)",
    ])
    let activity = try #require(result.diagnostics.activity.first)
    #expect(result.diagnostics.activity.count == 1)
    #expect(activity.task == run.blueprint.name(of: run.blueprint.stages[1]))
    #expect(activity.memory == [.init(label: 0, count: 7), .init(label: 1, count: 7)])
    #expect(activity.memoryByWorker.count == workers)
    #expect(activity.memoryByWorker.reduce(0, +) == 14)
    #expect(activity.rehearsedPerStep == 5 && activity.distance == nil)
    // Ten steps of twelve examples, twice, and five that come back at ten of them.
    #expect(result.examples == 290)
    #expect(result.diagnostics.notes.isEmpty)
  }

  @Test func `says how far answers are from the earlier ones: not at all at the first step`() throws
  {
    let (_, result) = try result(["method.name=lwf", "stream.scenario=task"])
    let activity = try #require(result.diagnostics.activity.first)
    #expect(activity.distanceAtStart == 0)
    #expect((activity.distance ?? 0) > 0)
    #expect(activity.memory.isEmpty && activity.rehearsedPerStep == 0)
  }

  @Test(arguments: [1, 3])
  func `says what was made of scores, and what that changed`(workers: Int) throws {
    let (run, result) = try result([
      "method.name=bic", "method.memory=24", "stream.scenario=class", "stream.iterations=60",
      "cluster.workers=\(workers)",
    ])
    let correction = try #require(result.diagnostics.activity.first?.correction)
    let fit = run.record.fits[1].numbers
    #expect(correction.scale == Double(fit[0]) && correction.shift == Double(fit[1]))
    // All twenty test examples of the first task are taken for newer ones by raw scores.
    let (before, after) = (correction.takenBefore ?? 0, correction.takenAfter ?? 1)
    #expect(before > after)
    #expect((run.record.rows.last?.accuracies[0] ?? 1) <= 1 - after)
    #expect(
      run.record.workerSummaries.compactMap { $0?.activity.last?.oldTestCount }.reduce(0, +) == 20)
  }

  @Test func `says where a slot did nothing`() throws {
    let (_, result) = try result(["method.name=replay", "method.memory=0"])
    #expect(
      result.diagnostics.notes == ["no example of a finished task came back: replay did nothing"])
    #expect(try self.result([]).result.diagnostics.activity.isEmpty)
  }

  /// Images of 36 bytes with labels of 4; U and V beside the weights; a teacher at each worker.
  @Test func `says how many bytes were kept, and where`() throws {
    func kept(_ sets: String...) throws -> RunResult.Kept {
      try #require(try result(sets + ["cluster.servers=2"]).result.kept)
    }
    let weights = 4 * (try result([]).run.weights.count)
    #expect(try kept("method.name=none") == .init(servers: weights))
    #expect(try kept("method.name=ewc", "method.lambda=1") == .init(servers: 3 * weights))
    #expect(
      try kept("method.name=replay", "method.memory=14")
        == .init(workers: 14 * 40, servers: weights))
    #expect(
      try kept("method.name=replay+ewc", "method.memory=14")
        == .init(workers: 14 * 40, servers: 3 * weights))
    #expect(try kept("method.name=lwf") == .init(workers: 2 * weights, servers: weights))
    #expect(try kept("method.name=joint") == .init(workers: 100 * 40, servers: weights))
    #expect(try kept("method.name=independent") == .init(servers: 2 * weights))
  }
}
