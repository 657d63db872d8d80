import CPlatform
import Foundation
import Launch
import Roles
import ZeroMQTransport
import Running

/// Push and pull in one round trip through the real roles, against bare libzmq doing an addition
/// and a copy. Each side has two processes that talk.
struct RoundTripBench {
  let rounds: Int

  func rows() throws -> [BenchRow] {
    var rows = [try encrypted()]
    for transport in ["tcp", "ipc"] {
      for count in [100_000, 478_410, 10_000_000] {
        let steps = max(12, min(600, 60_000_000 / count))
        var own: [Double] = []
        var bare: [Double] = []
        for _ in 0..<rounds {
          try Interruption.check()
          own.append(try roles(count, steps: steps, transport))
          bare.append(try exchange(count, steps: steps, transport))
        }
        rows.append(
          BenchRow(
            name: "round trip, \(count) floats, \(transport)", value: median(own) * 1e3,
            unit: "ms", yardstick: "bare libzmq", yardstickValue: median(bare) * 1e3,
            ratio: median(own) / median(bare), target: count > 1_000_000 ? "< 1" : "≤ 1.25"))
      }
    }
    return rows
  }

  /// What it costs that nobody can read along.
  private func encrypted() throws -> BenchRow {
    let (count, steps) = (478_410, 60)
    var (own, plain): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      try Interruption.check()
      own.append(try roles(count, steps: steps, "tcp", isEncrypted: true))
      plain.append(try roles(count, steps: steps, "tcp"))
    }
    return BenchRow(
      name: "round trip, \(count) floats, tcp, encrypted", value: median(own) * 1e3, unit: "ms",
      yardstick: "the same, plain", yardstickValue: median(plain) * 1e3,
      ratio: median(own) / median(plain), target: "")
  }

  /// Seconds a step: one worker, one server, and a coordinator that only watches.
  private func roles(
    _ count: Int, steps: Int, _ transport: String, isEncrypted: Bool = false
  ) throws -> Double {
    let folder = try RunFolder()
    defer { folder.remove() }
    let context = Context()
    let listener = Socket(.router, in: context)
    let coordinator = try listener.bind(Endpoint(folder.endpoint("coordinator")))
    let children = ChildProcesses(in: folder) { _ in }
    defer { children.stop(graceMilliseconds: 500) }
    if isEncrypted {
      try KeyFolder(folder.path).write(try ClusterKeys(serverCount: 1, workerCount: 1))
    }
    let keys = isEncrypted ? ["--keys", folder.path] : []
    for node in ["serve", "work"] {
      let bind = transport == "ipc" ? folder.endpoint("server") : "\(Endpoint.anyLocalPort)"
      try children.start(
        ThisProgram.path,
        ["bench-node", node, "\(coordinator)", bind, "\(count)", "\(steps)"] + keys, label: node)
    }
    var opened: Double?
    var elapsed = 0.0
    var loop = try RoleLoop(
      CoordinatorRole(BenchCluster(shards: [0..<count], workerCount: 1, stepCount: steps).runPlan),
      performer: NoOrders(), context: context, listener: listener, identity: NodeProcess.identity
    ) { event, now in
      if case .phaseOpened(1, _) = event { opened = now.seconds }
      if case .phaseTrained(1) = event { elapsed = now.seconds - (opened ?? now.seconds) }
    }
    if case .failed(let kind, let reason) = loop.run() {
      throw RunFailure(kind: kind, description: reason)
    }
    return elapsed / Double(steps)
  }

  /// Seconds a round trip without any roles.
  private func exchange(_ count: Int, steps: Int, _ transport: String) throws -> Double {
    let folder = try RunFolder()
    defer { folder.remove() }
    let endpoint =
      transport == "ipc"
      ? try Endpoint(folder.endpoint("bare")) : .tcp(.address(.loopback), port: freePort())
    let children = ChildProcesses(in: folder) { _ in }
    defer { children.stop(graceMilliseconds: 500) }
    try children.start(
      ThisProgram.path, ["bench-node", "bare", "\(endpoint)", "-", "\(count)", "\(steps + 3)"],
      label: "bare")
    let client = try BareExchange.Client(endpoint, count: count)
    for _ in 0..<3 { client.roundTrip() }
    return seconds { for _ in 0..<steps { client.roundTrip() } } / Double(steps)
  }

  private func freePort() -> UInt16 {
    let socket = Socket(.router, in: Context(), lingerMilliseconds: 0)
    return (try? socket.bind(.anyLocalPort).port) ?? 5_999
  }
}
