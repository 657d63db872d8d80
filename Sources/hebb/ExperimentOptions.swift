import ArgumentParser
import Experiments
import Foundation
import Reports
import Running

/// What all commands that run an experiment take.
struct ExperimentOptions: ParsableArguments {
  @Argument(
    help: """
      Experiment file (YAML), or the name of a bundled one, as split-mnist; without one, the \
      default experiment.
      """)
  var file: String?

  @OptionGroup var settings: SettingOptions

  /// What every command takes that begins with a file of settings.
  var input: InputOptions { settings.input }

  /// The experiment that the arguments describe.
  ///
  /// - Parameter more: Settings of the command's own options.
  func experiment(_ more: [String] = []) throws -> Experiment {
    try settings.experiment(in: file, after: more)
  }

  /// The arguments that say what to run, all but the seed.
  var words: [String] { (file.map { [$0] } ?? []) + settings.words }
}

/// What all commands that run an experiment take beside its file.
struct SettingOptions: ParsableArguments {
  @OptionGroup var input: InputOptions

  @Option(help: "Short for --set seed=N.")
  var seed: UInt64?

  @Option(help: "Short for --set cluster.workers=N.")
  var workers: Int?

  @Option(help: "Short for --set cluster.servers=N.")
  var servers: Int?

  /// The experiment of a file with the settings of the arguments.
  ///
  /// - Parameters:
  ///   - file: The default experiment if there is none.
  ///   - less: Settings that those of the arguments go before.
  ///   - more: Settings of the command's own options.
  func experiment(
    in file: String?, before less: [String] = [], after more: [String] = []
  ) throws -> Experiment {
    var sets = less + input.sets + more
    if let seed { sets.append("seed=\(seed)") }
    if let workers { sets.append("cluster.workers=\(workers)") }
    if let servers { sets.append("cluster.servers=\(servers)") }
    guard let file else {
      return try Experiment(
        yaml: Experiment.defaultYAML, named: "default experiment", sets: sets)
    }
    return try Experiment(yaml: Bundled.experiment(file), named: file, sets: sets)
  }

  /// The arguments that say what to run, all but the seed.
  var words: [String] {
    var words = input.words
    if let workers { words += ["--workers", "\(workers)"] }
    if let servers { words += ["--servers", "\(servers)"] }
    return words
  }
}

extension ExperimentOptions {
  /// What a command is asked for.
  ///
  /// - Parameter clock: Of a run that has virtual time.
  func request(_ output: OutputOptions, clock: ClockOptions? = nil) throws -> RunRequest {
    let experiment = try experiment(clock?.sets ?? [])
    return RunRequest(
      experiment, dataFolder: input.dataFolder, words: words + (clock?.words ?? []),
      folder: output.folder(for: experiment), overwrites: output.force,
      printsJSON: output.telling.json, screen: output.telling.screen,
      calibration: clock?.calibration.file)
  }
}

/// What commands that write results take.
struct OutputOptions: ParsableArguments {
  @Option(help: "Folder for results; must be new or empty.")
  var output: String?

  @Flag(help: "Overwrite what is in the output folder.")
  var force = false

  @OptionGroup var telling: TellingOptions

  /// Where results go: as given, or a new folder under out/.
  func folder(for experiment: Experiment) -> String {
    if let output { return output }
    let stamp = ISO8601DateFormatter()
    stamp.formatOptions = [.withFullDate, .withTime]
    let time = stamp.string(from: Date()).replacingOccurrences(of: ":", with: "")
    let name = ResultFolder.name(for: experiment.name)
    return "out/\(name)-\(time)-\(ProcessInfo.processInfo.processIdentifier)"
  }
}
