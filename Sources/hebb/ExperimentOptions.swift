import ArgumentParser
import Experiments
import Foundation
import Streams

/// What all commands that run an experiment take.
struct ExperimentOptions: ParsableArguments {
  @Argument(help: "Experiment file (YAML); without one, the default experiment.")
  var file: String?

  @Option(help: "Folder of data sets, each a folder of IDX files.")
  var data: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override any key of the experiment: --set optimizer.rate=0.01",
      discussion: "cluster/experiments/reference.yaml lists all keys.", valueName: "key=value"))
  var sets: [String] = []

  @Option(help: "Short for --set seed=N.")
  var seed: UInt64?

  @Option(help: "Short for --set cluster.workers=N.")
  var workers: Int?

  @Option(help: "Short for --set cluster.servers=N.")
  var servers: Int?

  /// The experiment that the arguments describe.
  func experiment() throws -> Experiment {
    var sets = sets
    if let seed { sets.append("seed=\(seed)") }
    if let workers { sets.append("cluster.workers=\(workers)") }
    if let servers { sets.append("cluster.servers=\(servers)") }
    guard let file else {
      return try Experiment(
        yaml: Experiment.defaultYAML, named: "default experiment", sets: sets)
    }
    guard let content = FileManager.default.contents(atPath: file) else {
      throw ConfigurationError(
        "\(file): there is no such experiment file; cluster/experiments has some")
    }
    return try Experiment(
      yaml: String(decoding: content, as: UTF8.self), named: file, sets: sets)
  }

  /// The folder of data: as given, or from HEBB_DATA.
  var dataFolder: String? { data ?? ProcessInfo.processInfo.environment["HEBB_DATA"] }
}

/// What commands that write results take.
struct OutputOptions: ParsableArguments {
  @Option(help: "Folder for results; must be new or empty.")
  var output: String?

  @Flag(help: "Overwrite what is in the output folder.")
  var force = false

  @Flag(help: "Print result.json and nothing else.")
  var json = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  /// Where results go: as given, or a new folder under out/.
  func folder(for experiment: Experiment) -> String {
    if let output { return output }
    let stamp = ISO8601DateFormatter()
    stamp.formatOptions = [.withFullDate, .withTime]
    let time = stamp.string(from: Date()).replacingOccurrences(of: ":", with: "")
    let name = experiment.name.replacingOccurrences(of: "/", with: "-")
    return "out/\(name)-\(time)-\(ProcessInfo.processInfo.processIdentifier)"
  }
}
