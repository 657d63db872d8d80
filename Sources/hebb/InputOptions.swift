import ArgumentParser
import Foundation
import Running

/// Where all commands that read data sets find them.
struct DataOptions: ParsableArguments {
  @Option(help: "Folder of data sets, each a folder of IDX files; HEBB_DATA otherwise.")
  var data: String?

  /// As given, or from the environment.
  var folder: String? { data ?? ProcessInfo.processInfo.environment["HEBB_DATA"] }
}

/// What all commands take that begin with a file of settings.
struct InputOptions: ParsableArguments {
  @OptionGroup var source: DataOptions

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override any key of the experiment: --set optimizer.rate=0.01",
      discussion: "cluster/experiments/reference.yaml lists all keys.", valueName: "key=value"))
  var sets: [String] = []

  /// The folder of data.
  var dataFolder: String? { source.folder }

  /// These options as arguments of a command line.
  var words: [String] {
    (source.data.map { ["--data", $0] } ?? []) + sets.flatMap { ["--set", $0] }
  }
}

/// What all commands take that tell of results.
struct TellingOptions: ParsableArguments {
  @Flag(help: "Print the results as JSON and nothing else.")
  var json = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  /// Where to write what is for people.
  var screen: Screen { Screen(isQuiet: quiet || json) }
}
