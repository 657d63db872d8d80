import Foundation
import Launch
import Running

/// PyTorch as a yardstick: runs one measurement of `scripts/peers/torch_peer.py`.
struct TorchPeer {
  let python: String

  /// One figure.
  func measure(_ arguments: [String]) throws -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["OMP_NUM_THREADS=1", python, try Self.script] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0,
      let value = text.split(whereSeparator: \.isWhitespace).last.flatMap({ Double($0) })
    else {
      throw PeerError(
        description: "\(python) could not run scripts/peers/torch_peer.py; does it have torch?")
    }
    return value
  }

  /// The script beside the sources, found from the working folder upwards.
  private static var script: String {
    get throws {
      var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
      for _ in 0..<6 {
        let file = folder.appendingPathComponent("scripts/peers/torch_peer.py").path
        if FileManager.default.fileExists(atPath: file) { return file }
        folder = folder.deletingLastPathComponent()
      }
      throw PeerError(
        description: "scripts/peers/torch_peer.py is not here; run from the repository")
    }
  }
}

struct PeerError: Error, CustomStringConvertible {
  let description: String
}
