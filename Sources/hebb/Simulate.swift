import ArgumentParser
import Experiments
import Tensors

/// The same roles in one process under a virtual clock.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the same cluster in one process under a virtual clock.",
    discussion: "Ends on the same weights as `hebb run`, bit for bit.")

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    useOneBLASThread()
    try Session(options, output).run(mode: "simulate") { conductor, blueprint in
      try conductor.simulate(blueprint)
    }
  }
}
