import Foundation

/// The executable that is running: what child processes are started from.
enum ThisProgram {
  static var path: String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    return FileManager.default.fileExists(atPath: program)
      ? program : Bundle.main.executablePath ?? CommandLine.arguments[0]
  }
}
