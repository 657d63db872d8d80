import Roles
import Testing

@testable import Experiments

@Suite struct `Emulated speed of nodes` {
  @Test func `makes every worker wait for the slowest under a barrier`() throws {
    let (even, odd) = (try SimulatedRun(), try SimulatedRun(["cluster.factors=[1, 50]"]))
    #expect(even.weights == odd.weights)
    let phases = odd.record.workerSummaries.compactMap { $0?.phases }
    #expect(phases[1].train > 49 * phases[0].train && phases[0].wait > phases[0].train)
    #expect(odd.seconds > even.seconds)
  }

  @Test func `may be given for the slow ones alone`() throws {
    let listed = try SimulatedRun(["cluster.factors=[1, 50]"])
    let named = try SimulatedRun(["cluster.factors={1: 50}"])
    #expect(named.seconds == listed.seconds && named.weights == listed.weights)
    let experiment = try tinyExperiment(["cluster.workers=12", "cluster.factors={3: 1.5, 11: 4}"])
    #expect((0..<12).map { experiment.cluster.factors[$0] }.reduce(0, +) == 15.5)
    let back = try Experiment(yaml: experiment.resolvedYAML, named: "resolved")
    #expect(back == experiment && back.cluster.factors[11] == 4)
  }

  @Test func `is above one or as it is`() {
    #expect(throws: ConfigurationError.self) {
      _ = try tinyExperiment(["cluster.factors=[1, 0.5]"])
    }
    #expect(throws: ConfigurationError.self) { _ = try tinyExperiment(["cluster.factors=[2]"]) }
  }

  @Test func `leaves servers busy for as long as they take and send bytes`() throws {
    let run = try SimulatedRun()
    let server = try #require(run.record.serverSummaries[0])
    #expect(server.busySeconds > 0 && server.idleSeconds > 0)
    let bytes = run.record.wholeTraffic.lines.filter { $0.kind != .control }
      .reduce(0) { $0 + $1.framedByteCount }
    #expect(abs(server.busySeconds / (Double(bytes) / 1e8) - 1) < 0.1)
    #expect(server.busySeconds + server.idleSeconds <= run.seconds)
  }
}
