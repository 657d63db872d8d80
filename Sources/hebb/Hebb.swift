import ArgumentParser
import Benchmarks
import Launch
import Running

/// The one executable: a file per subcommand.
@main
struct Hebb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hebb",
    abstract: "A parameter server that does not forget.",
    discussion: """
      hebb run launches a cluster of worker and server processes on this machine, trains a stream of
      tasks, and shows what was learnt and what was forgotten. Without arguments it runs the default
      experiment on an embedded data set.
      """,
    version: ThisProgram.versionLine,
    subcommands: [
      Run.self, Distill.self, Simulate.self, StudyCommand.self, Calibrate.self, Coordinate.self,
      Serve.self, Work.self, KeyGeneration.self,
      Affinity.self,
      DataCommand.self, Report.self, Keys.self, Bench.self, BenchNode.self, SimulatorTrial.self,
      StudyNode.self,
    ],
    defaultSubcommand: Run.self)

  /// Ends with an exit code of its own for each kind of failure.
  static func main() {
    StandardStreams.prepare()
    ChildProcesses.multiplyWithOneThread()
    do {
      try OpenFiles.allow(OpenFiles.minimum, for: "this program")
      var command = try parseAsRoot()
      try command.run()
    } catch {
      ExitStatus.exit(for: error)
    }
  }
}
