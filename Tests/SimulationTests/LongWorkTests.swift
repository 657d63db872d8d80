import Roles
import Simulation
import Testing

/// Nodes that are at work for longer than silence may last.
@Suite struct `Work that takes long` {
  /// Silence may last 3 s.
  static let changes: [(@Sendable (inout CostModel) -> Void)] = [
    { $0.stepSeconds = 4 }, { $0.sliceSeconds = 7 }, { $0.importanceSeconds = 5 },
    // Some seconds for the answers of one step, over a server's one line.
    { $0.bytesPerSecond = 400_000 },
  ]

  @Test(arguments: Self.changes.indices)
  func `is no death, and changes no bit`(change: Int) throws {
    let sets = [
      "method.name=ewc", "cluster.workers=20", "batch=20", "stream.epochs=1", "model.hidden=[400]",
    ]
    let run = try SimulatedRun(sets, change: Self.changes[change])
    #expect(run.ending == .completed)
    let quick = try SimulatedRun(sets)
    #expect(run.seconds > quick.seconds + 9 && run.weights == quick.weights)
  }
}
