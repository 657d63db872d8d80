public import Foundation
public import Reports

/// What commands say to people: results on standard output, how they get on where somebody looks.
public struct Screen: Sendable {
  /// What standard output can show.
  public let style: TerminalStyle
  /// Who sees progress: only a terminal at standard error, so that no file ever has it.
  public let audience: ProgressDisplay.Audience
  /// What that terminal can show.
  public let progressStyle: TerminalStyle
  private let isQuiet: Bool

  /// - Parameters:
  ///   - isQuiet: Nothing is shown but why a command ends and what it is there for.
  ///   - environment: Says what the terminal can show.
  public init(isQuiet: Bool, environment: [String: String]) {
    self.isQuiet = isQuiet
    style = Self.style(of: STDOUT_FILENO, environment)
    progressStyle = Self.style(of: STDERR_FILENO, environment)
    // A line can be drawn anew only where the cursor moves.
    let isDrawable = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    audience = isDrawable && !isQuiet ? .terminal : .nobody
  }

  private static func style(
    of descriptor: Int32, _ environment: [String: String]
  ) -> TerminalStyle {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return TerminalStyle(
      isTerminal: isatty(descriptor) == 1, width: isKnown ? Int(size.ws_col) : 80,
      environment: environment)
  }

  /// Tells of results that are kept elsewhere too.
  public func write(_ text: String) {
    // Whoever reads may have gone, as `head` does; the work goes on.
    if !isQuiet { _ = StandardStreams.write(Data(text.utf8), to: STDOUT_FILENO) }
  }

  /// Draws how the work gets on, if somebody looks.
  public func draw(_ text: String) {
    if audience == .terminal { _ = StandardStreams.write(Data(text.utf8), to: STDERR_FILENO) }
  }

  /// Tells of something that went wrong but does not end the command.
  public func warn(_ text: String) {
    if !isQuiet { _ = StandardStreams.write(Data(text.utf8), to: STDERR_FILENO) }
  }

  /// Writes what the command is there for.
  ///
  /// A reader that has gone has seen enough.
  ///
  /// - Throws: ``OutputError`` if it cannot be written.
  public static func put(_ text: String) throws { try put(Data(text.utf8)) }

  /// Writes what the command is there for, as ``put(_:)-(String)`` does.
  ///
  /// - Throws: ``OutputError`` if it cannot be written.
  public static func put(_ data: Data) throws {
    let problem = StandardStreams.write(data, to: STDOUT_FILENO)
    guard problem != 0, problem != EPIPE else { return }
    let reason = problem == EBADF ? "it is closed" : String(cString: strerror(problem))
    throw OutputError(
      description: "cannot write to standard output (\(reason)); send it somewhere else")
  }

  /// Says why the command ends.
  public static func complain(_ sentence: String) {
    _ = StandardStreams.write(Data((sentence + "\n").utf8), to: STDERR_FILENO)
  }
}
