import ArgumentParser
import Experiments

/// Every key of an experiment file.
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every key of an experiment file with its default and meaning.")

  func run() throws { try Screen.put(Experiment.referenceYAML) }
}
