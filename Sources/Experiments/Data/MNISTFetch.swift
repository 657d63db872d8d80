import Foundation
import Streams

/// Fetches MNIST: four files, each checked by size and SHA-256 before it gets its name.
public struct MNISTFetch {
  private struct File {
    let name: String
    let byteCount: Int
    let digest: String
  }

  private static let files = [
    File(
      name: "train-images-idx3-ubyte.gz", byteCount: 9_912_422,
      digest: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    File(
      name: "train-labels-idx1-ubyte.gz", byteCount: 28_881,
      digest: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    File(
      name: "t10k-images-idx3-ubyte.gz", byteCount: 1_648_877,
      digest: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
    File(
      name: "t10k-labels-idx1-ubyte.gz", byteCount: 4_542,
      digest: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
  ]

  private static let publicMirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
  ]

  private let folder: String
  private let mirrors: [String]

  /// - Parameters:
  ///   - folder: Where the files go; made if need be.
  ///   - mirrors: Addresses of folders, tried in order; `nil`: public ones.
  public init(folder: String, mirrors: [String]?) {
    self.folder = folder
    self.mirrors = mirrors ?? Self.publicMirrors
  }

  /// Fetches what is not there yet.
  ///
  /// - Parameter progress: Told of a file, its bytes so far and its size.
  /// - Throws: `DataError`; files that had come stay.
  public func run(progress: @escaping @Sendable (String, Int, Int) -> Void) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DataError("cannot make the folder \(folder); check the path and its permissions")
    }
    for file in Self.files where !isPresent(file) { try fetch(file, progress: progress) }
  }

  private func isPresent(_ file: File) -> Bool {
    guard let content = FileManager.default.contents(atPath: "\(folder)/\(file.name)") else {
      return false
    }
    return content.withUnsafeBytes { SHA256.hexDigest(of: $0) } == file.digest
  }

  private func fetch(
    _ file: File, progress: @escaping @Sendable (String, Int, Int) -> Void
  ) throws {
    var problems: [String] = []
    for mirror in mirrors {
      let address = mirror.hasSuffix("/") ? mirror + file.name : "\(mirror)/\(file.name)"
      let download = try Download(of: address, from: mirror)
      switch download.run(atMost: file.byteCount, { progress(file.name, $0, file.byteCount) }) {
      case .failure(let problem): problems.append("\(address): \(problem.reason)")
      case .success(let content):
        let digest = content.withUnsafeBytes { SHA256.hexDigest(of: $0) }
        guard content.count == file.byteCount, digest == file.digest else {
          problems.append("\(address): \(content.count) bytes with another SHA-256")
          continue
        }
        do {
          try content.write(to: URL(fileURLWithPath: "\(folder)/\(file.name)"), options: .atomic)
        } catch {
          throw DataError("cannot write \(folder)/\(file.name); check its space and permissions")
        }
        return
      }
    }
    throw DataError(
      "cannot fetch \(file.name) (\(problems.joined(separator: "; "))); "
        + "name another place with --from"
    )
  }
}
