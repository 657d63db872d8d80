public import Foundation

/// Writes tensors in the safetensors format: eight bytes with the length of the header, the header
/// in JSON, raw little-endian data.
public enum Safetensors {
  /// One tensor: its elements follow those of the one before in the data.
  public struct Tensor: Sendable {
    let name: String
    let shape: [Int]

    /// - Parameters:
    ///   - name: `layer1.weight`; each once in a file.
    ///   - shape: Row-major.
    public init(name: String, shape: [Int]) {
      self.name = name
      self.shape = shape
    }
  }

  /// The bytes of a file of Float32 tensors.
  ///
  /// - Parameters:
  ///   - floats: All elements, little-endian, in the order of the tensors.
  ///   - metadata: Goes under `__metadata__`, by name.
  public static func encode(
    _ tensors: [Tensor], floats: Data, metadata: [String: String] = [:]
  ) -> Data {
    var offset = 0
    let notes = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
    var entries = notes.isEmpty ? [] : ["\"__metadata__\":{\(notes.joined(separator: ","))}"]
    entries += tensors.map { tensor -> String in
      let end = offset + 4 * tensor.shape.reduce(1, *)
      defer { offset = end }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      return "\(quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(offset),\(end)]}"
    }
    precondition(offset == floats.count, "the tensors fill the data")
    var header = "{" + entries.joined(separator: ",") + "}"
    // Readers map the data, so they begin on a multiple of eight bytes.
    while !header.utf8.count.isMultiple(of: 8) { header += " " }
    var file = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(contentsOf: header.utf8)
    file.append(floats)
    return file
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case ..<" ": String(format: "\\u%04x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"" + scalars.joined() + "\""
  }
}
