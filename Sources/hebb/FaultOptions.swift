import ArgumentParser
import Running

/// What `hebb simulate` takes that lets faults happen.
struct FaultOptions: ParsableArguments {
  @Option(
    name: .customLong("faults"),
    help: ArgumentHelp(
      "Let faults of this seed happen, and tell what came of it.",
      discussion: """
        Processes are killed and started again, stand still or are cut off from each other; \
        messages are lost, doubled, overtaken or held up; parts of saved states are torn, missing \
        or find no room. What always has to hold is checked. No results are written.
        """, valueName: "seed"))
  var seed: UInt64?

  @Option(
    name: .customLong("fault-plan"),
    help: ArgumentHelp("Let the faults in this file happen, one a line.", valueName: "file"))
  var plan: String?

  @Option(
    name: .customLong("fault-seeds"),
    help: ArgumentHelp(
      "Let faults of many seeds happen, as 1...1000, each twice; print a table by kind.",
      valueName: "range"))
  var seeds: String?

  /// Whether there are any to happen.
  var areGiven: Bool { seed != nil || plan != nil || seeds != nil }

  /// Runs the experiment with all that is asked for.
  func run(_ options: ExperimentOptions, _ telling: TellingOptions) throws {
    let range = try seeds.map(Self.range)
    let session = try FaultSession(
      options.experiment(), dataFolder: options.input.dataFolder, screen: telling.screen)
    if let seed { try session.run(seed: seed) }
    if let plan { try session.run(planIn: plan) }
    if let range { try session.run(seeds: range) }
  }

  private static func range(_ text: String) throws -> ClosedRange<UInt64> {
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else {
      throw ValidationError("\"\(text)\" is no range of seeds; write it as 1...1000")
    }
    return first...last
  }
}
