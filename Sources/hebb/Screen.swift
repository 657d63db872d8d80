import Foundation
import Reports

/// Standard output as somebody looks at it: a terminal, a pipe, or nobody.
struct Screen {
  let style: TerminalStyle
  let isTerminal: Bool
  private let isQuiet: Bool

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    let environment = ProcessInfo.processInfo.environment
    isTerminal = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
    style = TerminalStyle(
      hasColor: isTerminal && environment["NO_COLOR"] == nil, width: Self.width)
  }

  private static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
    return Int(size.ws_col)
  }

  func write(_ text: String) {
    guard !isQuiet else { return }
    FileHandle.standardOutput.write(Data(text.utf8))
  }
}
