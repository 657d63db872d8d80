import Foundation

/// The file that takes a child's standard error.
struct ChildLog {
  let path: String

  /// An empty file, open for appending and closed with the handle.
  func open() throws(LaunchError) -> FileHandle {
    // Appending, so that a child goes on at the start of a log that has been cut.
    let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw LaunchError(
        "cannot write \(path) (\(String(cString: strerror(errno)))); check its space")
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Empties a log that has grown beyond a size.
  func cut(beyond byteCount: Int) {
    var status = stat()
    if stat(path, &status) == 0 && Int(status.st_size) > byteCount { truncate(path, 0) }
  }

  /// What the child wrote that says best why it ended, if anything does.
  ///
  /// - Parameter isCrash: A signal ended it. Whatever it wrote before has nothing to do with that,
  ///   but for the report of the crash itself.
  func lastWords(isCrash: Bool) -> String? {
    guard let lines else { return nil }
    let words = CrashReport(lines)?.sentence ?? (isCrash ? nil : lines.last)
    return words.map { String($0.prefix(300)) }
  }

  /// All that is not empty, without spaces around it.
  private var lines: [String]? {
    guard let file = FileHandle(forReadingAtPath: path), let size = try? file.seekToEnd() else {
      return nil
    }
    let tail = size > Self.tailByteCount ? size - Self.tailByteCount : 0
    guard (try? file.seek(toOffset: tail)) != nil, let data = try? file.readToEnd() else {
      return nil
    }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// More than a log grows to before it is cut: a trap's message comes before a long stack.
  private static let tailByteCount: UInt64 = 2 << 20
}
