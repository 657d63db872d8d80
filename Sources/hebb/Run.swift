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
  @OptionGroup var resumption: ResumeOptions

  func run() throws {
    let request = try resumption.request("run", options, output) ?? options.request(output)
    try Session(request, in: .cluster).run(mode: "run") { runner, blueprint in
      try runner.runCluster(blueprint)
    }
  }
}
