import Experiments
import Foundation
import Reports
import Roles
import Streams
import Training

/// One study from its request to its results: reads, checks, runs what is missing, writes, shows.
public struct StudySession {
  private let request: StudyRequest
  private let study: Study
  private let screen: Screen
  private let path: String
  private let shelf: DataShelf

  /// Reads the study, and looks up the costs of its cells.
  ///
  /// - Throws: What is wrong with study or data.
  public init(_ request: StudyRequest) throws {
    self.request = request
    let shelf = DataShelf(folder: request.dataFolder)
    self.shelf = shelf
    screen = request.screen
    study = try Self.resolved(Study(file: request.file, sets: request.sets), request, shelf)
    path = request.output ?? "out/\(ResultFolder.name(for: study.name))"
  }

  /// The study with numbers for all costs.
  private static func resolved(
    _ study: Study, _ request: StudyRequest, _ shelf: DataShelf
  ) throws -> Study {
    var costs = CostLookup(
      request.calibration, dataFolder: request.dataFolder, screen: request.screen)
    return try study.mapExperiments { cell in
      let experiment = cell.experiment
      return try costs.resolve(experiment) {
        try shelf.data(of: experiment)
      }
    }
  }

  /// Runs the cells that are missing.
  ///
  /// - Throws: Why a cell failed, after the results of all others were written.
  public func run() throws {
    let folder = try StudyFolder(path)
    folder.tidy()
    let (found, outdated) = try look(in: folder)
    let missing = found.indices.filter { found[$0].figures == nil }
    let done = found.count - missing.count
    screen.write("\(printable(study.name)): \(found.count) cells, \(done) done\n")
    for (reason, count) in outdated {
      let cells = count == 1 ? "1 cell was" : "\(count) cells were"
      screen.write("\(cells) \(reason), to be run again\n")
    }
    try check(missing)
    try folder.write(Data(study.text.utf8), to: "study.yaml")
    var runner = StudyRunner(
      study: study, results: found, folder: folder, screen: screen,
      jobCount: jobCount,
      data: request.data)
    let failure = try runner.run(missing)
    folder.tidy()
    let isInterrupted = (failure as? RunFailure)?.kind == .interrupted
    try conclude(runner.results, in: folder, isShown: !isInterrupted)
    if let failure { throw failure }
  }

  private var jobCount: Int { request.jobCount ?? ProcessInfo.processInfo.activeProcessorCount }
  /// What is there already, and how many cells are there that do not count, by the reason.
  ///
  /// A cell counts if its figures would be found again: by its experiment, its data and what this
  /// program makes of them.
  private func look(
    in folder: StudyFolder
  ) throws -> (cells: [StudyResult.Cell], outdated: [(reason: String, count: Int)]) {
    let names = folder.namesByDigits()
    var outdated: [(reason: String, count: Int)] = []
    let cells = try study.cells.map { cell in
      // Another study, or an earlier form of this one, may have named the folder differently.
      let name = names[String(cell.hash.prefix(StudyFolder.digitCount))] ?? cell.name
      guard let run = folder.result(of: name, experiment: cell.yaml) else {
        return cell.result(nil, folder: name)
      }
      guard let reason = run.reasonToRunAgain(data: try shelf.fingerprint(of: cell.experiment))
      else {
        return cell.result(run, folder: name)
      }
      if let place = outdated.firstIndex(where: { $0.reason == reason }) {
        outdated[place].count += 1
      } else {
        outdated.append((reason, 1))
      }
      return cell.result(nil, folder: name)
    }
    return (cells, outdated)
  }

  /// Finds what is wrong with any cell before the first one runs.
  private func check(_ missing: [Int]) throws {
    var places: Set<[String]> = []
    let memory = MachineMemory.here
    var remarked: Set<String> = []
    for cell in missing.map({ study.cells[$0] }) where places.insert(cell.place).inserted {
      let data = try shelf.data(of: cell.experiment)
      if remarked.insert(data.name).inserted, let remark = data.remark {
        screen.write(printable(remark) + "\n")
      }
      do {
        let estimate = try cell.experiment.memoryEstimate(of: .simulation, data: data)
        let count = min(jobCount, missing.count)
        try estimate.check("the run", in: memory)
        try estimate.times(count).check(
          "running \(count) of them at once", in: memory, remedy: ", or --jobs")
        _ = try Blueprint(cell.experiment, data: data)
      } catch let error as DataError {
        throw DataError("\(request.file): cell \(cell.name): \(error)")
      } catch let error as ConfigurationError {
        throw ConfigurationError("\(request.file): cell \(cell.name): \(error)")
      }
    }
  }

  private func conclude(
    _ cells: [StudyResult.Cell], in folder: StudyFolder, isShown: Bool
  ) throws {
    let result = study.result(command: line, cells: cells)
    try folder.write(Data(StudyCSV(result).text.utf8), to: "results.csv")
    if let comparison = StudyCSV(result).comparison {
      try folder.write(Data(comparison.utf8), to: "comparison.csv")
    } else {
      folder.remove("comparison.csv")
    }
    try StudyDatabase.write(result, to: folder.file("study.sqlite"))
    let page = StudyPage(result)
    try folder.write(Data(page.html.utf8), to: "study.html")
    try folder.write(plots: page.pictures)
    guard isShown else { return }
    if request.printsJSON { try Screen.put(StudyJSON.encode(result) + Data("\n".utf8)) }
    screen.write(StudySummary(result, style: screen.style).text)
    screen.write("study: \(folder.file("study.html"))\n")
  }

  /// The command that repeats this very study.
  private var line: String {
    var words = ["./scripts/hebb", "study", request.file]
    if let output = request.output { words += ["--output", output] }
    words += request.words
    return words.shellLine
  }
}
