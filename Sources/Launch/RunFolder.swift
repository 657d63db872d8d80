import Foundation

/// A fresh private folder of one local cluster: sockets, keys and its processes' complaints.
///
/// Its owner holds a lock on it, which ends with the owner's process however that ends: a folder
/// that nobody holds is litter, and the next one that is made sweeps it away.
public struct RunFolder: Sendable {
  /// Short, because the path of a socket has at most 107 bytes (103 on macOS).
  public let path: String
  private let lock: FolderLock

  /// Makes a folder that only this user can enter.
  ///
  /// - Throws: ``LaunchError``.
  public init() throws(LaunchError) {
    try self.init(under: NSTemporaryDirectory())
  }

  init(under temporary: String) throws(LaunchError) {
    var parent = temporary
    while parent.count > 1 && parent.hasSuffix("/") { parent.removeLast() }
    // Leaves room for `/hebb-XXXXXX/coordinator` and its like.
    if parent.utf8.count > 60 { parent = "/tmp" }
    Self.sweep(parent)
    for _ in 0..<8 {
      var template = Array((parent + "/hebb-XXXXXX").utf8CString)
      guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
        throw LaunchError(
          "cannot make a folder in \(parent) (\(String(cString: strerror(errno)))); "
            + "check its space and permissions")
      }
      let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      if let lock = FolderLock(path) {
        (self.path, self.lock) = (path, lock)
        return
      }
      // Before it was locked another process may have swept it away.
      rmdir(path)
    }
    throw LaunchError("cannot lock a folder in \(parent); check how many files may be open")
  }

  /// Removes run folders of this user whose owners are dead.
  private static func sweep(_ parent: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    where name.hasPrefix("hebb-") && name.count == "hebb-XXXXXX".count {
      let path = parent + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == getuid(), let lock = FolderLock(path)
      else { continue }
      withExtendedLifetime(lock) { remove(path) }
    }
  }

  /// The endpoint of a node's socket in it.
  public func endpoint(_ name: String) -> String { "ipc://\(path)/\(name)" }

  /// Removes it with all that is in it.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Removes a run folder; what its launcher no longer can do, its children do.
  ///
  /// - Parameter path: Only sockets, logs and keys are taken out of it, so that a folder of another
  ///   kind survives whatever its name is.
  public static func remove(_ path: String) {
    let name = URL(fileURLWithPath: path).lastPathComponent
    guard name.hasPrefix("hebb-"), kind(of: path) == S_IFDIR,
      let entries = try? FileManager.default.contentsOfDirectory(atPath: path)
    else { return }
    for entry in entries.map({ path + "/" + $0 }) {
      let kind = kind(of: entry)
      if kind == S_IFSOCK || kind == S_IFREG && Self.isOwn(entry) { unlink(entry) }
    }
    // Fails while anything else is in it.
    rmdir(path)
  }

  /// Whether files of that name are made in run folders.
  private static func isOwn(_ name: String) -> Bool {
    [".log", ".secret", ".keys"].contains { name.hasSuffix($0) }
  }

  /// The file type bits, of a symbolic link those of the link.
  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}

/// The lock of a folder; it is free again when this, or the process, is gone.
private final class FolderLock: Sendable {
  private let descriptor: Int32

  /// `nil` for a folder that somebody else holds, or that is no longer there.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    var (locked, named) = (stat(), stat())
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &locked) == 0,
      lstat(path, &named) == 0, locked.st_ino == named.st_ino
    else { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

/// What kept a cluster from starting: one sentence.
public struct LaunchError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
