import Experiments
import Foundation
import Launch
import Reports
import Streams
import Training

/// Affinities from their request to their results: reads, measures, writes, shows.
public struct AffinitySession {
  private let request: AffinityRequest
  private let measurement: AffinityMeasurement

  /// Reads the data.
  ///
  /// - Throws: What is wrong with experiment, data or memory.
  public init(_ request: AffinityRequest) throws {
    self.request = request
    let data = try DataSource.load(request.experiment, folder: request.dataFolder)
    try request.experiment.memoryEstimate(of: .simulation, data: data)
      .check("the measurement", in: .here)
    measurement = try AffinityMeasurement(request.experiment, data: data, plan: request.plan)
  }

  /// Measures, and writes `affinity.json` and `affinity.html` into the folder.
  ///
  /// - Throws: What went wrong, or that a signal came.
  public func run() throws {
    let (plan, screen) = (request.plan, request.screen)
    let folder = ResultFolder(request.folder)
    _ = Interruption()
    try folder.prepare(overwrite: request.overwrites)
    let matrices = try measurement.run { step, all in
      try Interruption.check()
      screen.draw("\rstep \(step) of \(all)\u{1B}[K")
    }
    screen.draw("\n")
    let experiment = request.experiment
    let result = AffinityResult(
      of: (experiment.name, experiment.seed, experiment.resolvedYAML), command: command,
      hebb: ThisProgram.versionLine, among: plan.members.rawValue, names: measurement.names,
      sampling: (plan.stepCount, plan.sampleEvery, plan.exampleCount, plan.rate),
      estimates: plan.estimators.compactMap { estimator in
        matrices[estimator].map {
          AffinityResult.Estimate(
            by: estimator.rawValue, $0, isOrdered: plan.members == .tasks)
        }
      })
    let json = try ResultJSON.encode(result)
    try folder.write(json, to: "affinity.json")
    try folder.write(Data(AffinityPage(result).html.utf8), to: "affinity.html")
    if request.printsJSON { try Screen.put(json + Data("\n".utf8)) }
    screen.write(AffinityTable(result).text(screen.style))
    screen.write("report: \(folder.file("affinity.html"))\n")
  }

  /// The command that repeats it.
  private var command: String {
    (["./scripts/hebb", "affinity"] + request.words + ["--seed", "\(request.experiment.seed)"])
      .shellLine
  }
}
