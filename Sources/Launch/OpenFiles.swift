import Foundation

/// How many files, sockets and pipes this process may have open.
public enum OpenFiles {
  /// What one process needs that starts no others.
  public static let minimum = 64

  /// What a launcher needs. Starting a process takes descriptors numbered beyond 200 for a moment,
  /// however few are open.
  ///
  /// - Parameter childCount: Processes that run at once.
  public static func count(forChildren childCount: Int) -> Int { max(256, 64 + 8 * childCount) }

  /// Sees to it that so many may be open; the system's own limit may be raised up to another one.
  ///
  /// - Parameter purpose: What needs them: `a cluster of 6 nodes`.
  /// - Throws: ``LaunchError`` if the system does not allow so many.
  public static func allow(_ count: Int, for purpose: String) throws(LaunchError) {
    var limit = rlimit()
    #if os(Linux)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < rlim_t(count) else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
    guard limit.rlim_cur == rlim_t(count), setrlimit(kind, &limit) == 0 else {
      throw LaunchError(
        "\(purpose) needs \(count) open files at once, and this system allows \(limit.rlim_max); "
          + "raise the limit (ulimit -n \(count))")
    }
  }
}
