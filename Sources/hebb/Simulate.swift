import ArgumentParser
import Experiments
import Tensors

/// The same roles in one process under a virtual clock.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the same cluster in one process under a virtual clock.",
    discussion: """
      Ends on the same weights as `hebb run`, bit for bit. How long things take on its clock are
      numbers of the experiment (simulation.…) or, where they are `calibrated`, what
      `hebb calibrate` has measured on this machine.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var calibration: CalibrationOptions

  func run() throws {
    useOneBLASThread()
    try Session(options, output, calibration: calibration).run(mode: "simulate") {
      conductor, blueprint in
      try conductor.simulate(blueprint)
    }
  }
}
