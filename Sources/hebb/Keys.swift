import ArgumentParser
import Experiments
import Running

/// Every key of an experiment file.
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every key of an experiment file with its default and meaning.",
    discussion: """
      hebb keys method prints those of a section, hebb keys method.lambda one of them, and hebb \
      keys ewc those of what is chosen by that name.
      """)

  @Argument(help: "What the keys begin with, or the name of a kind; all without it.")
  var prefix: String?

  func run() throws {
    let text = try prefix.map(Experiment.reference) ?? Experiment.referenceYAML
    try Screen.put(text)
  }
}
