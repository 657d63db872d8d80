import Foundation

/// Which signals the calling thread blocks.
///
/// Threads of a Dispatch pool block nearly all of them, and a process started there inherits that:
/// it would hear neither Ctrl-C nor a request to terminate.
enum SignalMask {
  /// Lets signals through to this thread from now on.
  static func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Does something while this thread blocks no signal.
  static func withNothingBlocked(_ body: () throws -> Void) rethrows {
    var nothing = sigset_t()
    var before = sigset_t()
    sigemptyset(&nothing)
    pthread_sigmask(SIG_SETMASK, &nothing, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }
}
