public import Experiments
import Foundation
import Launch
import Reports
import Roles
import Streams
import Tensors
public import Training

/// One experiment from its request to its results: reads, runs each method, writes, shows.
public struct Session {
  private let request: RunRequest
  private let experiment: Experiment
  private let data: DataSet
  /// Costs that were looked up, as arguments.
  private let measuredSets: [String]
  private let screen: Screen
  private let folder: ResultFolder
  /// What the run goes on from, if it was broken off.
  private let broken: ResumableRun?

  /// Reads the data, and looks up the costs of a run that has virtual time.
  ///
  /// - Parameter place: Where its nodes will run.
  /// - Throws: What is wrong with experiment, data or memory.
  public init(_ request: RunRequest, in place: MemoryEstimate.Place) throws {
    self.request = request
    broken = request.broken
    screen = request.screen
    let given = request.experiment
    let data = try DataSource.load(given, folder: request.dataFolder)
    self.data = data
    for method in given.methods {
      try given.with(method).memoryEstimate(of: place, data: data)
        .check("the run", in: .here)
    }
    if let calibration = request.calibration {
      var costs = CostLookup(calibration, dataFolder: request.dataFolder, screen: screen)
      experiment = try costs.resolve(given) { data }
      measuredSets = experiment.settings(of: given.calibratedKeys)
    } else {
      experiment = given
      measuredSets = []
    }
    folder = ResultFolder(request.folder)
  }

  /// Tells the user something, unless it is to be quiet.
  public func say(_ sentence: String) { screen.write(sentence + "\n") }

  /// Runs every method of the experiment with the given way to run one.
  public func run(mode: String, _ conduct: (Runner, Blueprint) throws -> Runner.Outcome) throws {
    // Everything that can be wrong with the settings is found before anything is made.
    let blueprints = try experiment.methods.map {
      try Blueprint(experiment.with($0), data: data)
    }
    // From here on a signal ends the run that is under way, and what it measured is written.
    _ = Interruption()
    let isNew = !FileManager.default.fileExists(atPath: folder.path)
    if broken == nil { try folder.prepare(overwrite: request.overwrites) }
    if let remark = data.remark { say(printable(remark)) }
    let isComparison = !experiment.compare.isEmpty
    if isComparison { try writeExperiment() }
    // Held to the end; of a run on its own it has the cuts, too.
    let whole = try broken ?? (mode == "coordinate" ? nil : begin(mode, experiment, in: folder))
    var (results, folders): ([RunResult], [String]) = ([], [])
    for (index, blueprint) in blueprints.enumerated() {
      let method = isComparison ? Self.folderName(blueprint, folders) : nil
      if let method, let finished = finished(method) {
        results.append(finished)
        folders.append(method)
        continue
      }
      do {
        let outcome = try runOne(
          blueprint, mode: mode, in: method, isFirst: index == 0,
          isLast: index == blueprints.count - 1, whole, conduct)
        // Beside others one that never began is told of, too: they are not all.
        if outcome.hasBegun || index > 0 {
          results.append(outcome.result)
          if let method { folders.append(method) }
        }
        if let failure = outcome.failure { throw failure }
      } catch {
        if results.isEmpty {
          if broken == nil { discard(whole, withFolder: isNew) }
        } else {
          try conclude(results, folders)
        }
        throw error
      }
    }
    // What was measured is written: nobody has to go on, even if nobody can be told.
    defer { whole?.remove() }
    try conclude(results, folders)
  }

  /// Nothing has come of the run.
  private func discard(_ whole: ResumableRun?, withFolder: Bool) {
    whole?.remove()
    folder.discard(withFolder: withFolder)
  }

  /// Writes down what was asked for, so that it can be taken up again.
  private func begin(
    _ mode: String, _ experiment: Experiment, in place: ResultFolder
  ) throws -> ResumableRun {
    try ResumableRun(
      in: place,
      ResumableRun.Request(
        mark: String(UInt64.random(in: 1 ... .max), radix: 16), mode: mode,
        experiment: experiment.resolvedYAML, words: request.words,
        dataFolder: request.dataFolder.map { URL(fileURLWithPath: $0).standardizedFileURL.path }))
  }

  /// What a method of a broken comparison has come to, if it was done.
  private func finished(_ method: String) -> RunResult? {
    guard broken != nil else { return nil }
    let results = try? ResultFolder(folder.file(method)).read()
    return results?.first { $0.status == "complete" }
  }

  /// Of a comparison, whose runs have experiments of their own.
  private func writeExperiment() throws {
    try folder.write(Data(experiment.resolvedYAML.utf8), to: "experiment.yaml")
  }

  private func runOne(
    _ blueprint: Blueprint, mode: String, in method: String?, isFirst: Bool, isLast: Bool,
    _ whole: ResumableRun?, _ conduct: (Runner, Blueprint) throws -> Runner.Outcome
  ) throws -> Runner.Outcome {
    let place = method.map { ResultFolder(folder.file($0)) } ?? folder
    var resumable = whole
    var isNew = broken == nil
    if method != nil, whole != nil {
      let earlier = broken == nil ? nil : try? ResumableRun(resuming: place)
      isNew = earlier == nil
      if isNew { try place.prepare(overwrite: true) }
      resumable = try earlier ?? begin(mode, blueprint.experiment, in: place)
    } else if method != nil {
      try place.prepare(overwrite: true)
    }
    let log = try EventLog(place, isNew: isNew)
    let progress = Progress(screen: screen, plan: blueprint.runPlan(run: 1), blueprint)
    // Where nothing takes time, whoever watches is told of the time that passes here.
    let isTimeless = mode == "simulate" && experiment.simulation.clock == .free
    let begin = ContinuousClock.now
    let runner = Runner(
      dataFolder: request.dataFolder, command: command(mode, blueprint), isLast: isLast,
      resumable: resumable
    ) { event, now in
      log.write(event, at: now)
      let elapsed = begin.duration(to: .now) / .seconds(1)
      progress.show(event, at: isTimeless ? Instant.zero.advanced(bySeconds: elapsed) : now)
    }
    let outcome = try conduct(runner, blueprint)
    progress.finish()
    guard outcome.hasBegun || !isFirst else { return outcome }
    try place.write(outcome.result)
    if let weights = outcome.record.weights {
      try place.write(
        Self.file(weights, of: blueprint, outcome.result), to: "weights.safetensors")
    }
    // Not before everything is written: what is lost until then is taken up again.
    if method != nil, outcome.failure == nil { resumable?.remove() }
    return outcome
  }

  /// The weights with what one needs to evaluate them.
  private static func file(
    _ weights: Vector, of blueprint: Blueprint, _ result: RunResult
  ) -> Data {
    var metadata = blueprint.metadata
    metadata["task_order"] = "\(result.arrangement.taskOrder)"
    metadata["hebb"] = ThisProgram.versionLine
    return Safetensors.encode(
      blueprint.layout.tensors.map { Safetensors.Tensor(name: $0.name, shape: $0.shape) },
      floats: Data(bytes: weights.base, count: weights.count * MemoryLayout<Float>.stride),
      metadata: metadata)
  }

  /// `ewc`, and `ewc-2` for the second of that name.
  private static func folderName(_ blueprint: Blueprint, _ earlier: [String]) -> String {
    let name = blueprint.experiment.method.name
    let count = earlier.count { $0 == name || $0.hasPrefix(name + "-") }
    return count == 0 ? name : "\(name)-\(count + 1)"
  }

  private func conclude(_ runs: [RunResult], _ folders: [String]) throws {
    let runs = RunResult.withIntransigence(runs)
    if experiment.compare.isEmpty, let run = runs.first {
      try folder.write(run)
    } else {
      try folder.write(
        ResultJSON.encode(
          ComparisonResult(name: experiment.name, runs: runs, folders: folders)),
        to: "result.json")
    }
    let page = ReportPage(runs, files: folder.files(of: runs))
    try folder.write(Data(page.html.utf8), to: "report.html")
    if request.printsJSON {
      let results = FileManager.default.contents(atPath: folder.file("result.json")) ?? Data()
      try Screen.put(results + Data("\n".utf8))
    }
    screen.write(Summary(runs.filter(\.hasBegun), style: screen.style).text)
    say("report: \(folder.file("report.html"))")
  }

  /// The command that repeats this very run.
  private func command(_ mode: String, _ blueprint: Blueprint) -> String {
    var words = ["./scripts/hebb", mode] + request.words
    var others: [String] = []
    if !experiment.compare.isEmpty {
      // What was set for the other methods is not for this one.
      words = blueprint.experiment.withoutOthers(words)
      // The name is told even where it is that of the file, for it asks for this method alone.
      let name = "method.name=\(blueprint.experiment.method.name)"
      others = [name] + blueprint.experiment.sets(from: experiment).filter { $0 != name }
    }
    for set in measuredSets { words += ["--set", set] }
    words += ["--seed", "\(blueprint.experiment.seed)"]
    words += others.flatMap { ["--set", $0] }
    return words.shellLine
  }
}
