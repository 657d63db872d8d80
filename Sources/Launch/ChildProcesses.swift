import Foundation
import Synchronization

/// The processes of a local cluster: started, watched and stopped together.
///
/// Start them on a thread that lives as long as they shall: Linux tells a child of its parent's
/// death when the thread that started it ends.
public final class ChildProcesses: Sendable {
  /// The end of a child.
  public struct End: Sendable {
    /// Who it was, as given at the start.
    public let label: String
    /// `exit code 3` or `signal 9`, with what it wrote that says best why.
    public let reason: String
    /// Whether it ended with code 0.
    public let isSuccess: Bool
    /// `nil` when a signal ended it.
    public let exitCode: Int32?
    /// That alone.
    public let lastWords: String?
    let process: Int32
  }

  private let folder: RunFolder
  private let whenEnded: @Sendable (End) -> Void
  private let children = Mutex<[Child]>([])
  // Sendable: a dispatch source may be used from any thread.
  nonisolated(unsafe) private let logTrimmer: any DispatchSourceTimer

  // Sendable: the process is only asked for its state and signalled, which Foundation allows from
  // any thread.
  private struct Child: @unchecked Sendable {
    let process: Process
    let log: ChildLog
    let label: String
    let command: (executable: String, arguments: [String])
  }

  /// - Parameters:
  ///   - folder: Takes a file with what each child writes to its standard error.
  ///   - whenEnded: Told of every end, on some thread.
  public convenience init(in folder: RunFolder, whenEnded: @escaping @Sendable (End) -> Void) {
    self.init(in: folder, logByteCountMaximum: 1 << 20, whenEnded: whenEnded)
  }

  /// - Parameter logByteCountMaximum: Logs beyond it are emptied, four times a second.
  init(
    in folder: RunFolder, logByteCountMaximum: Int, whenEnded: @escaping @Sendable (End) -> Void
  ) {
    self.folder = folder
    self.whenEnded = whenEnded
    logTrimmer = DispatchSource.makeTimerSource()
    logTrimmer.schedule(
      deadline: .now(), repeating: .milliseconds(250), leeway: .milliseconds(100))
    logTrimmer.setEventHandler { [weak self] in
      let logs = self?.children.withLock { $0.map(\.log) } ?? []
      for log in logs { log.cut(beyond: logByteCountMaximum) }
    }
    logTrimmer.resume()
  }

  deinit { logTrimmer.cancel() }

  /// Starts a child.
  ///
  /// It leads a process group of its own; its input and output are empty, and no descriptor and no
  /// blocked signal of this process comes with it.
  ///
  /// - Parameter label: What to call it: `worker 2`.
  /// - Throws: ``LaunchError``.
  public func start(_ executable: String, _ arguments: [String], label: String) throws(LaunchError)
  {
    try start(executable, arguments, adding: [], label: label)
  }

  /// Lets all children that are started from now on load the matrix library with one thread, which
  /// is what a node multiplies with. Others would spin for a while when they are made and take the
  /// first steps' processors. Call it before there is a second thread.
  public static func multiplyWithOneThread() { setenv("OPENBLAS_NUM_THREADS", "1", 1) }

  private func start(
    _ executable: String, _ arguments: [String], adding more: [String], label: String
  ) throws(LaunchError) {
    let log = ChildLog(
      path: folder.path + "/" + label.replacingOccurrences(of: " ", with: "-") + ".log")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments + more
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = try log.open()
    process.standardError = errors
    let report = whenEnded
    process.terminationHandler = { ended in
      let hasExited = ended.terminationReason == .exit
      let status = ended.terminationStatus
      let how = hasExited ? "exit code \(status)" : "signal \(status)"
      let lastWords = log.lastWords(isCrash: !hasExited) ?? (hasExited ? nil : Self.crash(status))
      report(
        End(
          label: label, reason: lastWords.map { "\(how) (\($0))" } ?? how,
          isSuccess: hasExited && status == 0, exitCode: hasExited ? status : nil,
          lastWords: lastWords, process: ended.processIdentifier))
    }
    do {
      try SignalMask.withNothingBlocked { try process.run() }
    } catch {
      throw LaunchError("cannot start \(label) from \(executable): \(error.localizedDescription)")
    }
    try? errors.close()
    let child = Child(
      process: process, log: log, label: label, command: (executable, arguments))
    children.withLock { children in
      children.removeAll { $0.label == label }
      children.append(child)
    }
  }

  /// Whether nobody has been started in the place of the child whose end it is.
  public func isLatest(_ end: End) -> Bool {
    children.withLock { children in
      children.contains { $0.label == end.label && $0.process.processIdentifier == end.process }
    }
  }

  /// Starts again all children that have ended, each as it was started before.
  ///
  /// - Parameters:
  ///   - label: Of a child that is ended first if it still runs, whatever it does.
  ///   - more: Arguments besides those that it was started with at first.
  /// - Throws: ``LaunchError``.
  public func restart(_ label: String, adding more: [String] = []) throws(LaunchError) {
    for child in children.withLock({ $0 }) {
      if child.label == label, child.process.isRunning {
        kill(-child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
      }
      guard !child.process.isRunning else { continue }
      let (executable, arguments) = child.command
      try start(executable, arguments, adding: more, label: child.label)
    }
  }

  /// What a signal means that a program brings upon itself.
  private static func crash(_ signal: Int32) -> String? {
    switch signal {
    case SIGILL: "illegal instruction"
    case SIGABRT: "aborted"
    case SIGBUS: "bus error"
    case SIGFPE: "arithmetic error"
    case SIGSEGV: "bad memory access"
    default: nil
    }
  }

  private var running: [Process] {
    children.withLock { $0.map(\.process).filter(\.isRunning) }
  }

  /// Asks all children to end, without waiting for it.
  public func ask() {
    for process in running { process.terminate() }
  }

  /// Ends all children: waits a while, asks, and at last insists. Returns when none is left.
  ///
  /// - Parameter graceMilliseconds: How long they may end by themselves, and again after being
  ///   asked.
  public func stop(graceMilliseconds: Int) {
    wait(graceMilliseconds)
    ask()
    wait(graceMilliseconds)
    // Each child leads a process group of its own, which goes with it.
    for process in running { kill(-process.processIdentifier, SIGKILL) }
    for process in running { process.waitUntilExit() }
  }

  private func wait(_ milliseconds: Int) {
    let limit = ContinuousClock.now + .milliseconds(milliseconds)
    while !running.isEmpty && ContinuousClock.now < limit { usleep(5_000) }
  }
}
