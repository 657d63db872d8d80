import ArgumentParser
import Experiments
import Foundation
import Roles

/// The coordinator of a cluster whose other nodes are started elsewhere.
struct Coordinate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Conduct a run whose servers and workers are started elsewhere.",
    discussion: """
      Start `hebb serve` and `hebb work` with this coordinator's endpoint, on any machine and in any
      order. The nodes get the experiment from the coordinator. Endpoints are not encrypted: listen
      on a network you trust.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Endpoint to listen at; port 0 is any free port.",
      discussion: "For nodes on other machines tcp://0.0.0.0:5170, or an address of this one."))
  var bind = "tcp://127.0.0.1:5170"

  func run() throws {
    let place = try Endpoint(option: "--bind", bind)
    let session = try Session(options, output)
    try session.run(mode: "coordinate") { conductor, blueprint in
      try conductor.coordinate(blueprint, bind: place) { endpoint in
        session.say("listening at \(endpoint)")
      }
    }
  }
}
