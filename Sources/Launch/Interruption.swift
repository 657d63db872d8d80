import CPlatform
import Foundation
import Synchronization

/// Ctrl-C and its kin as something that a poll loop can watch.
public struct Interruption: Sendable {
  /// Becomes readable when a signal has come.
  public let descriptor: Int32

  /// Catches SIGINT, SIGTERM and SIGHUP; ignores SIGPIPE. A second Ctrl-C ends the process at once.
  public init() {
    let waker = hebb_catch_signals()
    descriptor = waker.read_end
  }

  /// Makes the descriptor unreadable and says which signal came.
  public func read() -> Int32 { hebb_caught_signal() }

  /// A signal's name for people.
  public static func name(_ signal: Int32) -> String {
    switch signal {
    case SIGINT: "Ctrl-C"
    case SIGTERM: "a request to terminate"
    case SIGHUP: "the terminal's end"
    default: "signal \(signal)"
    }
  }
}

/// What a child process does about its parent.
public enum Parent {
  /// Ends this process when its parent dies. Call first.
  ///
  /// - Parameter parent: The process that should be the parent.
  /// - Returns: `false` when it is dead already.
  public static func dieWith(_ parent: Int32) -> Bool {
    _ = hebb_die_with_parent()
    // The parent may have died before the call.
    return getppid() == parent
  }

  /// Whether the parent is dead, or dies within a moment: the kernel's signal comes while the
  /// parent's threads are still ending.
  public static func isGone(_ parent: Int32) -> Bool {
    for _ in 0..<60 where getppid() == parent { usleep(5_000) }
    return getppid() != parent
  }
}

/// Things said on other threads to one poll loop.
public final class Mailbox<Content: Sendable>: Sendable {
  private let waker: hebb_waker
  private let content = Mutex<[Content]>([])

  /// An empty mailbox.
  public init() { waker = hebb_waker_make() }

  deinit { hebb_waker_close(waker) }

  /// Becomes readable when there is something.
  public var descriptor: Int32 { waker.read_end }

  /// Says something, on any thread.
  public func post(_ item: Content) {
    content.withLock { $0.append(item) }
    hebb_wake(waker)
  }

  /// Takes the oldest thing said.
  public func next() -> Content? {
    content.withLock { items in
      if items.count <= 1 { hebb_wake_drain(waker) }
      return items.isEmpty ? nil : items.removeFirst()
    }
  }
}
