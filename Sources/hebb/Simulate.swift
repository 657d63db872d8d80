import ArgumentParser
import Experiments
import Tensors
import Training
import Running

/// Runs the roles of a cluster in one process under a virtual clock.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the same cluster in one process under a virtual clock.",
    discussion: """
      Ends on the same weights as `hebb run`, bit for bit. How long things take on its clock are
      numbers of the experiment (simulation.…) or, where they are `calibrated`, what has been
      measured on this machine: by `hebb calibrate`, or briefly when they are needed first. With
      `--clock free` nothing takes time.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var clock: ClockOptions
  @OptionGroup var resumption: ResumeOptions
  @OptionGroup var faults: FaultOptions

  func run() throws {
    useOneBLASThread()
    if faults.areGiven { return try faults.run(options, output.telling) }
    let request =
      try resumption.request("simulate", options, output) ?? options.request(output, clock: clock)
    try Session(request, in: .simulation).run(mode: "simulate") {
      runner, blueprint in
      try runner.simulate(blueprint)
    }
  }
}
