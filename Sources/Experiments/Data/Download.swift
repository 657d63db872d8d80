import Foundation
import Streams

/// One file brought from elsewhere: by `curl`, so that the program needs no networking of its own,
/// or read where it lies on this machine.
struct Download {
  struct Problem: Error {
    let reason: String
  }

  private let url: URL

  /// - Parameter place: What was named by the user, for the message.
  /// - Throws: ``DataError`` for what is no address that can be fetched from.
  init(of address: String, from place: String) throws(DataError) {
    guard let url = URL(string: address), ["http", "https", "file"].contains(url.scheme) else {
      throw DataError("\(place) is no address; write it as https://… or file://…")
    }
    self.url = url
  }

  private static func tooLong(_ limit: Int) -> Problem {
    Problem(reason: "more than the \(limit) bytes that it should have")
  }

  /// The whole file.
  ///
  /// - Parameters:
  ///   - limit: It is not longer than this; the rest of a longer one is left where it is.
  ///   - progress: Told of the bytes so far.
  func run(
    atMost limit: Int, _ progress: (Int) -> Void
  ) -> Result<Data, Problem> {
    guard !url.isFileURL else {
      do throws(FileProblem) {
        return .success(Data(try FileBytes.load(url.path, atMost: limit)))
      } catch {
        if case .tooLarge = error { return .failure(Self.tooLong(limit)) }
        return .failure(Problem(reason: error.sentence(url.path, kind: "a file")))
      }
    }
    let curl = Process()
    // `env` looks for it on the path.
    curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    curl.arguments = [
      "curl", "--fail", "--location", "--silent", "--show-error", "--globoff",
      "--proto", "=http,https", "--connect-timeout", "30", "--speed-limit", "1", "--speed-time",
      "60", "--url", url.absoluteString,
    ]
    let (output, errors) = (Pipe(), Pipe())
    curl.standardInput = FileHandle.nullDevice
    curl.standardOutput = output
    curl.standardError = errors
    do {
      try curl.run()
    } catch {
      return .failure(Problem(reason: "/usr/bin/env cannot be started, which finds curl"))
    }
    var content = Data()
    while content.count <= limit {
      guard let piece = try? output.fileHandleForReading.read(upToCount: 1 << 16), !piece.isEmpty
      else { break }
      content += piece
      progress(content.count)
    }
    if content.count > limit { curl.terminate() }
    let words = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    curl.waitUntilExit()
    guard content.count <= limit else { return .failure(Self.tooLong(limit)) }
    switch curl.terminationStatus {
    case 0: return .success(content)
    case 127:
      return .failure(
        Problem(reason: "curl is needed to fetch and is not on PATH; install it, or fetch by hand"))
    default:
      let line = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).last
      return .failure(Problem(reason: line.map(String.init) ?? "curl failed"))
    }
  }
}
