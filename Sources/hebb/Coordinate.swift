import ArgumentParser
import Experiments
import Foundation
import Roles
import Training
import Running
import ZeroMQTransport

/// The coordinator of a cluster whose other nodes are started elsewhere.
struct Coordinate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Conduct a run whose servers and workers are started elsewhere.",
    discussion: """
      Start `hebb serve` and `hebb work` with this coordinator's endpoint, on any machine and in any
      order. The nodes get the experiment from the coordinator; for the next method under `compare`
      they register again by themselves. Beyond this machine it listens only with
      keys (hebb keygen), or if it is told --insecure.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Endpoint to listen at; port 0 is any free port.",
      discussion: "For nodes on other machines tcp://0.0.0.0:5170, or an address of this one."))
  var bind = "tcp://127.0.0.1:5170"

  @OptionGroup var waiting: WaitOptions

  @OptionGroup var protection: SecurityOptions

  func run() throws {
    let place = try Endpoint(option: "--bind", bind)
    let security = try protection.security(of: .coordinator)
    let session = try Session(options.request(output), in: .coordinator)
    var seat: Seat?
    try session.run(mode: "coordinate") { runner, blueprint in
      let cluster = blueprint.experiment.cluster
      try security.check(serverCount: cluster.servers, workerCount: cluster.workers)
      let here = try seat ?? Seat(place, security)
      if seat == nil {
        session.say("listening at \(here.endpoint)")
        if let remark = protection.remark { session.say(remark) }
      }
      seat = here
      let attendance = Attendance(blueprint.experiment, at: here) { session.say($0) }
      return try runner.telling(attendance.note).coordinate(
        blueprint, at: here, waitSeconds: waiting.wait)
    }
  }
}
