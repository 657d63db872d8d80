import Roles
import Testing

@testable import Experiments

@Suite struct `Emulated speed of nodes` {
  @Test func `makes every worker wait for the slowest under a barrier`() throws {
    let (even, odd) = (try SimulatedRun(), try SimulatedRun(["cluster.factors=[1, 50]"]))
    #expect(even.weights == odd.weights)
    let phases = odd.record.workerFarewells.compactMap { $0?.phases }
    #expect(phases[1].train > 49 * phases[0].train && phases[0].wait > phases[0].train)
    #expect(odd.seconds > even.seconds)
  }

  @Test func `is above one or as it is`() {
    #expect(throws: ConfigurationError.self) {
      _ = try tinyExperiment(["cluster.factors=[1, 0.5]"])
    }
    #expect(throws: ConfigurationError.self) { _ = try tinyExperiment(["cluster.factors=[2]"]) }
  }

  @Test func `leaves servers busy for as long as they take and send bytes`() throws {
    let run = try SimulatedRun()
    let server = try #require(run.record.serverFarewells[0])
    #expect(server.busySeconds > 0 && server.idleSeconds > 0)
    let bytes = run.record.wholeTraffic.lines.filter { $0.kind != .control }
      .reduce(0) { $0 + $1.framedByteCount }
    #expect(abs(server.busySeconds / (Double(bytes) / 1e8) - 1) < 0.1)
    #expect(server.busySeconds + server.idleSeconds <= run.seconds)
  }
}
