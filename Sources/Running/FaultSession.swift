public import Experiments
import Foundation
import Launch
import Reports
import Roles
import Simulation
import Training

/// An experiment that is run in the simulator under many plans of faults.
public struct FaultSession {
  private let trial: FaultTrial
  private let screen: Screen

  /// Prepares it, and takes the run to which nothing happens.
  ///
  /// - Parameters:
  ///   - dataFolder: Folder of data sets.
  /// - Throws: What is wrong with experiment or data.
  public init(_ experiment: Experiment, dataFolder: String?, screen: Screen) throws {
    guard experiment.compare.isEmpty else {
      throw ReportError("faults happen to one method at a time; leave out compare")
    }
    let data = try DataSource.load(experiment, folder: dataFolder)
    _ = Interruption()
    trial = try FaultTrial(Blueprint(experiment, data: data))
    self.screen = screen
    guard trial.calm.ending == .completed else {
      throw RunFailure(
        kind: .violation,
        description: "without any fault the run ends otherwise: "
          + (trial.calm.ending.map { "\($0)" } ?? "not at all"))
    }
  }

  /// Lets a plan of a seed happen and tells of it.
  ///
  /// - Throws: ``RunFailure`` if something was violated.
  public func run(seed: UInt64) throws { try run(trial.plan(seed: seed)) }

  /// Lets a plan in a file happen, a fault a line, and tells of it.
  ///
  /// - Throws: ``RunFailure`` if something was violated; whatever is wrong with the file.
  public func run(planIn file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ReportError("cannot read the plan of faults in \(file)")
    }
    do {
      try run(FaultPlan(text: String(decoding: data, as: UTF8.self)))
    } catch let error as FaultPlanError {
      throw ReportError("\(file): \(error)")
    }
  }

  private func run(_ plan: FaultPlan) throws {
    let outcome = try trial.outcome(of: plan)
    screen.write("planned:\n" + Self.indented(plan.faults.map(\.description)))
    let ignored = plan.faults.count - Set(outcome.injected).count
    screen.write(
      "happened: \(Self.counts(outcome.injected))"
        + (ignored > 0 ? "; the run never came to \(ignored)" : "") + "\n")
    screen.write(
      "recovered: \(outcome.recoveries.count) ×\n" + Self.indented(outcome.recoveries))
    screen.write(
      "virtual time: \(outcome.seconds) s, without faults \(trial.calm.seconds) s\n")
    screen.write("violations: \(outcome.violations.count)\n" + Self.indented(outcome.violations))
    guard outcome.violations.isEmpty else { throw Self.failure(1, of: 1) }
  }

  /// Lets the plans of many seeds happen, each twice, and prints what has happened by kind.
  ///
  /// - Throws: ``RunFailure`` if something was violated; the first plan that did it is printed,
  ///   as small as it can be made.
  public func run(seeds: ClosedRange<UInt64>) throws {
    var tally = FaultTally()
    var worst: (seed: UInt64, plan: FaultPlan)?
    for seed in seeds {
      try Interruption.check()
      let plan = trial.plan(seed: seed)
      let outcome = try trial.outcome(of: plan)
      let isRepeatable = try trial.outcome(of: plan).isSame(as: outcome)
      tally.enter(outcome, isRepeatable: isRepeatable)
      guard !outcome.violations.isEmpty || !isRepeatable else { continue }
      screen.write("seed \(seed): \(outcome.violations.first ?? "the second run is another")\n")
      if worst == nil, !outcome.violations.isEmpty { worst = (seed, plan) }
    }
    screen.write(tally.table.text(screen.style) + "\n")
    if let worst {
      let small = try trial.shrunk(worst.plan)
      screen.write("the plan of seed \(worst.seed), as small as it can be made:\n")
      screen.write(Self.indented(small.faults.map(\.description)))
    }
    guard tally.failureCount == 0 else { throw Self.failure(tally.failureCount, of: seeds.count) }
  }

  private static func failure(_ count: Int, of all: Int) -> RunFailure {
    RunFailure(
      kind: .violation,
      description: "what should always hold was violated in \(count) of \(all) runs")
  }

  private static func indented(_ lines: [String]) -> String {
    lines.map { "  \($0)\n" }.joined()
  }

  private static func counts(_ faults: [Fault]) -> String {
    let counts = Dictionary(grouping: faults, by: \.kind).mapValues(\.count)
    guard !counts.isEmpty else { return "nothing" }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
