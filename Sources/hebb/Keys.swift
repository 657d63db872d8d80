import ArgumentParser
import Experiments
import Running

/// Every key of an experiment file.
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every key of an experiment file with its default and meaning.",
    discussion: "hebb keys method prints those of a section, hebb keys method.lambda one of them.")

  @Argument(help: "What the keys begin with; all without it.") var prefix: String?

  func run() throws {
    let text = try prefix.map(Experiment.reference) ?? Experiment.referenceYAML
    try Screen.put(text)
  }
}
