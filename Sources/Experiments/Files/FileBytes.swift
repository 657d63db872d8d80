import Foundation

/// Why the bytes of a file cannot be had.
enum FileProblem: Error, Hashable {
  case missing
  case folder
  case denied
  /// It has more than so many bytes.
  case tooLarge(Int)
  /// What the system says of it.
  case other(String)

  /// - Parameter code: What the system left in `errno`.
  init(code: Int32) {
    switch code {
    case ENOENT, ENOTDIR: self = .missing
    case EISDIR: self = .folder
    case EACCES, EPERM: self = .denied
    default: self = .other(String(cString: strerror(code)))
    }
  }

  /// One sentence that names the file and what to do.
  ///
  /// - Parameter kind: What it should be, as `an experiment file`.
  func sentence(_ path: String, kind: String) -> String {
    switch self {
    case .missing: "\(path): there is no such file; name \(kind)"
    case .folder: "\(path) is a folder; name \(kind)"
    case .denied: "\(path) cannot be read; check its permissions"
    case .tooLarge(let limit):
      "\(path) has more than \(limit >> 20) MB, too much for \(kind); name another file"
    case .other(let reason): "\(path) cannot be read (\(reason)); name \(kind)"
    }
  }
}

/// Reads files of every sort: regular ones, pipes, FIFOs and devices.
enum FileBytes {
  /// The bytes until the file's end, which a pipe has when its writers are done.
  ///
  /// - Parameter limit: More bytes than this are refused, before they are all in memory.
  static func load(_ path: String, atMost limit: Int) throws(FileProblem) -> [UInt8] {
    // The system would take such a path for the part before.
    guard !path.utf8.contains(0) else { throw .missing }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem(code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileProblem(code: errno) }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else { throw .tooLarge(limit) }
      bytes += chunk[..<count]
    }
  }
}
