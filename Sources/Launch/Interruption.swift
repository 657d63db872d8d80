import CPlatform
import Foundation

/// Ctrl-C and its kin as something that a poll loop can watch.
public struct Interruption: Sendable {
  /// Becomes readable when a signal has come.
  public let descriptor: Int32

  /// Catches SIGINT, SIGTERM and SIGHUP; ignores SIGPIPE. A second Ctrl-C ends the process at once.
  public init() {
    let waker = hebb_catch_signals()
    descriptor = waker.read_end
    // Whoever started this process may have had them blocked.
    SignalMask.unblock([SIGINT, SIGTERM, SIGHUP])
  }

  /// Makes the descriptor unreadable and says which signal came.
  public func read() -> Int32 { hebb_caught_signal() }

  /// `stopped by Ctrl-C` once a signal has come, whether or not somebody has read it.
  public static var reason: String? {
    let signal = hebb_seen_signal()
    return signal == 0 ? nil : "stopped by \(name(signal))"
  }

  /// A signal's name for people.
  public static func name(_ signal: Int32) -> String {
    switch signal {
    case SIGINT: "Ctrl-C"
    case SIGTERM: "a request to terminate (SIGTERM)"
    case SIGHUP: "the terminal's end"
    default: "signal \(signal)"
    }
  }
}
