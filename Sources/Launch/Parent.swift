import CPlatform
import Foundation

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

  /// Whether the system tells a process that its parent has died. Where it does not (macOS), the
  /// silence of the parent has to do.
  public static var tellsItsDeath: Bool {
    #if os(Linux)
      true
    #else
      false
    #endif
  }

  /// Whether the parent is dead, or dies within a moment.
  ///
  /// The kernel's signal comes while the parent's threads are still ending, hence the moment.
  public static func isGone(_ parent: Int32) -> Bool {
    for _ in 0..<60 where getppid() == parent { usleep(5_000) }
    return getppid() != parent
  }
}
