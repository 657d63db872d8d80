import Experiments
import Foundation
import Launch
import Reports
import Roles
import Streams

/// Runs the missing cells of a study as processes, some at once, and takes in what they found.
struct StudyRunner {
  let study: Study
  /// One for each cell, filled in as they come.
  private(set) var results: [StudyResult.Cell]
  private let folder: StudyFolder
  private let screen: Screen
  private let jobCount: Int
  private let data: String?
  private var progress: StudyProgress
  /// By the name of its folder.
  private var running: [String: Int] = [:]
  private var failures: [(cell: String, end: ChildProcesses.End)] = []

  /// - Parameters:
  ///   - results: What is there already.
  ///   - data: The option as it was given, which the cells' own commands repeat.
  init(
    study: Study, results: [StudyResult.Cell], folder: StudyFolder, screen: Screen,
    jobCount: Int, data: String?
  ) {
    self.study = study
    self.results = results
    self.folder = folder
    self.screen = screen
    self.jobCount = jobCount
    self.data = data
    progress = StudyProgress(
      screen.audience, style: screen.progressStyle, cellCount: results.count,
      doneBefore: results.count { $0.figures != nil })
  }

  /// Runs cells, in their order.
  ///
  /// - Returns: Why not all of them are done, if so.
  /// - Throws: What concerns all cells: a process cannot be started, a file cannot be written.
  mutating func run(_ cells: [Int]) throws -> (any Error)? {
    guard !cells.isEmpty else { return nil }
    try OpenFiles.allow(
      OpenFiles.count(forChildren: jobCount), for: "a study of \(jobCount) cells at once")
    let interruption = Interruption()
    let logs = try RunFolder()
    defer { logs.remove() }
    let ends = Mailbox<ChildProcesses.End>()
    let children = ChildProcesses(in: logs) { ends.post($0) }
    defer { children.stop(graceMilliseconds: 2_000) }
    defer { screen.draw(progress.end()) }
    var waiting = cells[...]
    let begin = ContinuousClock.now
    func seconds() -> Double {
      let elapsed = begin.duration(to: .now).components
      return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
    while !running.isEmpty || !waiting.isEmpty {
      while running.count < jobCount, let cell = waiting.popFirst() {
        try start(cell, children)
      }
      screen.draw(
        progress.show(running: running.keys.sorted().map(Self.short), seconds: seconds()))
      if waitForOne(of: interruption.descriptor, ends.descriptor) {
        // They write what they have measured so far.
        children.ask()
        let reason = Interruption.name(interruption.read())
        let done = results.count { $0.figures != nil }
        return RunFailure(
          kind: .interrupted,
          description: "stopped by \(reason) with \(done) of \(results.count) cells done; the same "
            + "command goes on")
      }
      while let end = ends.next() { try take(end) }
    }
    return failure
  }

  private mutating func start(_ index: Int, _ children: ChildProcesses) throws {
    let name = results[index].folder
    let plan = try folder.plan(name, experiment: study.cells[index].yaml)
    let arguments =
      [
        "study-node", plan.file, "--output", plan.draft, "--quiet", "--parent",
        "\(ProcessInfo.processInfo.processIdentifier)",
      ] + (data.map { ["--data", $0] } ?? [])
    try children.start(ThisProgram.path, arguments, label: name)
    running[name] = index
  }

  /// Waits until a child has ended, a signal has come, or it is time to draw anew.
  ///
  /// - Returns: Whether a signal has come.
  private func waitForOne(of interruption: Int32, _ ends: Int32) -> Bool {
    var polled = [interruption, ends].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    poll(&polled, 2, screen.audience == .terminal ? 500 : -1)
    return polled[0].revents != 0
  }

  private mutating func take(_ end: ChildProcesses.End) throws {
    guard let index = running.removeValue(forKey: end.label) else { return }
    guard end.isSuccess else {
      failures.append((end.label, end))
      screen.warn(progress.fail(end.label, reason: Self.sentence(end)))
      return
    }
    try folder.finish(end.label)
    let cell = study.cells[index]
    guard let run = folder.result(of: end.label, experiment: cell.yaml) else {
      throw ReportError("\(folder.file("cells/\(end.label)")) has no result; check the space there")
    }
    results[index] = cell.result(run, folder: end.label)
    progress.finish()
  }

  /// A cell's name without the digits at its end.
  private static func short(_ name: String) -> String {
    String(name.dropLast(StudyFolder.digitCount + 1))
  }

  // MARK: Failures

  /// The first failure stands for all, with the exit code that the run itself would have.
  private var failure: (any Error)? {
    guard let (cell, end) = failures.first else { return nil }
    let count = failures.count == 1 ? "a cell" : "\(failures.count) cells"
    let sentence = "\(count) failed, first \(cell): \(Self.sentence(end))"
    switch end.exitCode.flatMap(ExitStatus.init) {
    case .configuration: return ConfigurationError(sentence)
    case .data: return DataError(sentence)
    case .output: return ReportError(sentence)
    case .notFinite: return RunFailure(kind: .notFinite, description: sentence)
    case .preparation: return RunFailure(kind: .preparation, description: sentence)
    case .computation: return RunFailure(kind: .computation, description: sentence)
    case .violation: return RunFailure(kind: .violation, description: sentence)
    case .lostNode, .endpoint, .launch, .standardOutput, .interrupted, nil:
      return RunFailure(kind: .lostNode, description: sentence)
    }
  }

  private static func sentence(_ end: ChildProcesses.End) -> String {
    guard end.exitCode != nil, let words = end.lastWords, words.hasPrefix("hebb: ") else {
      return end.reason
    }
    return String(words.dropFirst("hebb: ".count))
  }
}
