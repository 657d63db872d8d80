import Foundation

/// A fresh private folder of one local cluster: its sockets and what its processes complained
/// about.
public struct RunFolder: Sendable {
  /// Short, because the path of a socket has at most 107 bytes.
  public let path: String

  /// Makes a folder that only this user can enter.
  ///
  /// - Throws: ``LaunchError``.
  public init() throws(LaunchError) {
    var template = Array((NSTemporaryDirectory() + "/hebb-XXXXXX").utf8CString)
    guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
      throw LaunchError(
        "cannot make a folder in \(NSTemporaryDirectory()); check its space and permissions")
    }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// The endpoint of a node's socket in it.
  public func endpoint(_ name: String) -> String { "ipc://\(path)/\(name)" }

  /// Removes it with all that is in it.
  public func remove() { Self.remove(path) }

  /// Removes a run folder; what its launcher no longer can do, its children do.
  ///
  /// - Parameter path: Nothing is done if it does not look like a run folder's.
  public static func remove(_ path: String) {
    guard URL(fileURLWithPath: path).lastPathComponent.hasPrefix("hebb-") else { return }
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// What kept a cluster from starting: one sentence.
public struct LaunchError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
