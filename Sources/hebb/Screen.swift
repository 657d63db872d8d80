import Foundation
import Reports

/// Standard output as somebody looks at it: a terminal, a pipe, or nobody.
struct Screen {
  let style: TerminalStyle
  let audience: ProgressDisplay.Audience

  init(isQuiet: Bool) {
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(STDOUT_FILENO) == 1
    style = TerminalStyle(
      isTerminal: isTerminal, width: Self.width, environment: environment)
    // A terminal that cannot move its cursor is written to like a pipe.
    let isDrawable = isTerminal && environment["TERM"] != "dumb"
    audience = isQuiet ? .nobody : isDrawable ? .terminal : .pipe
  }

  private static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
    return Int(size.ws_col)
  }

  func write(_ text: String) {
    guard audience != .nobody, !text.isEmpty else { return }
    // Whoever reads may have gone, as `head` does; the work goes on.
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }
}
