import Foundation
import Reports
import Testing

/// All tests that start processes: one after another, because they share two cores and look at what
/// is left behind.
@Suite(.serialized) enum Processes {}

/// The real executable, as a user runs it.
struct Program {
  let status: Int32
  let output: String
  let errors: String
  let seconds: Double

  static var url: URL {
    #if os(Linux)
      let me = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
      let me = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    #endif
    return me.deletingLastPathComponent().appendingPathComponent("hebb")
  }

  static func make(_ arguments: [String]) -> (Process, Pipe, Pipe) {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    return (process, output, errors)
  }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - folder: Where it is called; here otherwise.
  ///   - environment: Variables besides those that are there.
  init(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws {
    let made = Self.make(arguments)
    if let folder { made.0.currentDirectoryURL = URL(fileURLWithPath: folder) }
    made.0.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try self.init(made)
  }

  /// Runs a line of a shell to its end, in which `hebb` is the executable.
  init(shell line: String) throws {
    let made = Self.make(["-c", "hebb() { \"$0\" \"$@\"; }; \(line)", Self.url.path])
    made.0.executableURL = URL(fileURLWithPath: "/bin/sh")
    try self.init(made)
  }

  private init(_ made: (Process, Pipe, Pipe)) throws {
    let (process, output, errors) = made
    let begin = ContinuousClock.now
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    self.output = String(decoding: said, as: UTF8.self)
    self.errors = String(decoding: complained, as: UTF8.self)
    seconds = Double(begin.duration(to: .now).components.seconds)
  }
}

/// A folder of its own for one test, removed afterwards.
final class Scratch {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8))"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
    return file(name)
  }
}

/// Numbers for what the simulator would look up, as arguments.
let givenCosts = [
  "step-milliseconds=1", "slice-milliseconds=5", "importance-milliseconds=5",
  "latency-minimum-milliseconds=0.1", "latency-maximum-milliseconds=0.5",
  "megabytes-per-second=1000", "message-microseconds=0", "server-nanoseconds-per-byte=0",
  "cores=none",
].flatMap { ["--set", "simulation.\($0)"] }

/// A run of seconds: two small tasks.
let quick =
  givenCosts + [
    "--set", "stream.tasks=5", "--set", "stream.iterations=6", "--set", "model.hidden=[20]",
    "--set", "stream.test-examples-per-task=50",
  ]

/// Processes of this program that belong to a run folder, and run folders that are left.
func leftovers() throws -> [String] {
  let ps = Process()
  ps.executableURL = URL(fileURLWithPath: "/bin/ps")
  ps.arguments = ["-eo", "args"]
  let pipe = Pipe()
  ps.standardOutput = pipe
  try ps.run()
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  ps.waitUntilExit()
  return text.split(separator: "\n").map(String.init).filter {
    $0.contains(Program.url.path + " ") && ($0.contains(" serve ") || $0.contains(" work "))
  }
}
