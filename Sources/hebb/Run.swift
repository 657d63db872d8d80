import ArgumentParser
import Experiments
import Training
import Running

/// A local cluster of real processes.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Launch a cluster on this machine and train a stream of tasks.",
    discussion: """
      Methods listed under `compare` run one after another. The results (matrix, events, weights,
      report.html) go to the output folder.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Session(options.request(output), in: .cluster).run(mode: "run") { runner, blueprint in
      try runner.runCluster(blueprint)
    }
  }
}
