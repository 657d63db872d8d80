import Foundation
package import Tensors

/// A finished run as far as its network can teach another, from the folder of its results.
package struct FinishedRun {
  /// Where it is.
  package let folder: String
  /// What was run.
  package let experiment: Experiment
  /// Names and shapes of the tensors, in the order in which their elements lie.
  package let tensors: [(name: String, shape: [Int])]
  /// The elements of all tensors.
  package let weights: Vector
  /// What the file says of the network, by name.
  package let metadata: [String: String]
  /// Of the file of weights, hexadecimal.
  package let sha256: String

  private static let file = "weights.safetensors"

  /// Reads the folder's weights.
  ///
  /// - Throws: ``ConfigurationError`` when there are none, or they are no whole file.
  package init(folder: String) throws(ConfigurationError) {
    let path = folder + "/" + Self.file
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConfigurationError(
        "there is no \(Self.file) to be read in \(folder); name the folder of a finished run, of "
          + "several methods that of one")
    }
    self.folder = folder
    sha256 = data.withUnsafeBytes { SHA256.hexDigest(of: $0) }
    guard let content = Self.content(of: data) else {
      throw ConfigurationError(
        "\(path) is not a whole file of weights; name the folder of a finished run")
    }
    (metadata, tensors, weights) = content
    do {
      experiment = try Experiment(
        yaml: metadata["experiment"] ?? "", named: "the experiment in \(path)")
    } catch {
      throw ConfigurationError(
        "\(path) does not say what was run in a way that this version understands (\(error)); run "
          + "it again")
    }
  }

  /// Bytes of the file of weights in a folder; 0 where there is none to be read.
  static func byteCount(in folder: String) -> Int {
    let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + file)
    return (facts?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// Header and floats of a safetensors file; `nil` if anything is not as it should be.
  private static func content(
    of data: Data
  ) -> (metadata: [String: String], tensors: [(name: String, shape: [Int])], weights: Vector)? {
    guard data.count >= 8 else { return nil }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(data.count - 8) else { return nil }
    let start = 8 + Int(length)
    guard
      let header = try? JSONSerialization.jsonObject(with: data[8..<start]) as? [String: Any]
    else { return nil }
    var entries: [(name: String, shape: [Int], range: Range<Int>)] = []
    for (name, value) in header where name != "__metadata__" {
      guard let entry = value as? [String: Any], entry["dtype"] as? String == "F32",
        let shape = entry["shape"] as? [Int], let ends = entry["data_offsets"] as? [Int],
        ends.count == 2, 0 <= ends[0], ends[0] <= ends[1]
      else { return nil }
      entries.append((name, shape, ends[0]..<ends[1]))
    }
    entries.sort { $0.range.lowerBound < $1.range.lowerBound }
    var end = 0
    for entry in entries {
      let count = entry.shape.reduce(1.0) { $0 * Double($1) }
      guard entry.range.lowerBound == end, Double(entry.range.count) == 4 * count else {
        return nil
      }
      end = entry.range.upperBound
    }
    guard data.count - start == end else { return nil }
    let weights = Vector(count: end / 4)
    data.copyBytes(to: UnsafeMutableRawBufferPointer(weights.elements), from: start..<start + end)
    return (
      header["__metadata__"] as? [String: String] ?? [:], entries.map { ($0.name, $0.shape) },
      weights
    )
  }
}
