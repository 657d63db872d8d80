import Foundation
import Synchronization

/// The processes of a local cluster: started, watched and stopped together.
public final class ChildProcesses: Sendable {
  /// The end of a child.
  public struct End: Sendable {
    /// Who it was, as given at the start.
    public let label: String
    /// `exit code 3` or `signal 9`, with the last line it wrote.
    public let reason: String
    /// Whether it ended with code 0.
    public let isSuccess: Bool
  }

  private let folder: RunFolder
  private let whenEnded: @Sendable (End) -> Void
  private let children = Mutex<[Child]>([])

  // Sendable: the process is only asked for its state and signalled, which Foundation allows from
  // any thread.
  private struct Child: @unchecked Sendable {
    let process: Process
  }

  /// - Parameters:
  ///   - folder: Takes a file with what each child writes to its standard error.
  ///   - whenEnded: Told of every end, on some thread.
  public init(in folder: RunFolder, whenEnded: @escaping @Sendable (End) -> Void) {
    self.folder = folder
    self.whenEnded = whenEnded
  }

  /// Starts a child.
  ///
  /// - Parameter label: What to call it: `worker 2`.
  /// - Throws: ``LaunchError``.
  public func start(_ executable: String, _ arguments: [String], label: String) throws(LaunchError)
  {
    let log = folder.path + "/" + label.replacingOccurrences(of: " ", with: "-") + ".log"
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: log)
    let report = whenEnded
    process.terminationHandler = { ended in
      let how =
        ended.terminationReason == .exit
        ? "exit code \(ended.terminationStatus)" : "signal \(ended.terminationStatus)"
      let last = Self.lastLine(of: log)
      report(
        End(
          label: label, reason: last.map { "\(how) (\($0))" } ?? how,
          isSuccess: ended.terminationReason == .exit && ended.terminationStatus == 0))
    }
    do {
      try process.run()
    } catch {
      throw LaunchError("cannot start \(label) from \(executable): \(error.localizedDescription)")
    }
    children.withLock { $0.append(Child(process: process)) }
  }

  private static func lastLine(of file: String) -> String? {
    guard let data = FileManager.default.contents(atPath: file) else { return nil }
    return String(decoding: data.suffix(2_000), as: UTF8.self)
      .split(separator: "\n").last.map(String.init)
  }

  private var running: [Process] {
    children.withLock { $0.map(\.process).filter(\.isRunning) }
  }

  /// Ends all children: waits a while, asks, and at last insists. Returns when none is left.
  ///
  /// - Parameter graceMilliseconds: How long they may end by themselves, and again after being
  ///   asked.
  public func stop(graceMilliseconds: Int) {
    wait(graceMilliseconds)
    for process in running { process.terminate() }
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
