import Foundation

/// Standard output and standard error: the one place that writes to them.
public enum StandardStreams {
  /// Makes them safe for a process that outlives their readers. Call before anything is opened.
  public static func prepare() {
    // Writing where nobody reads fails, as it does on a full disk, and ends nothing.
    signal(SIGPIPE, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      // A file that is opened gets the lowest free number: what is meant for people would go into
      // it. So the number is taken, by something that cannot be used either.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all of it.
  ///
  /// - Returns: 0, or the `errno` that says why not.
  static func write(_ data: Data, to descriptor: Int32) -> Int32 {
    data.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EAGAIN {
          // Whoever shares the stream may have asked for writes that do not wait.
          var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&item, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}

/// Why standard output does not take what it is there for: one sentence.
public struct OutputError: Error, CustomStringConvertible {
  /// One sentence.
  public let description: String
}
