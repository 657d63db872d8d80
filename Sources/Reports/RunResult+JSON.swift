public import Foundation

/// Several methods run on one experiment: what `result.json` of a comparison holds.
public struct ComparisonResult: Sendable, Hashable, Codable {
  /// Layout of this file.
  public var schema = 1
  public var name: String
  public var runs: [RunResult]

  /// Every field as it is documented.
  public init(name: String, runs: [RunResult]) {
    self.name = name
    self.runs = runs
  }
}

/// Writes and reads results as JSON with snake_case keys, sorted, absent figures as null.
public enum ResultJSON {
  /// The bytes of a result; equal results give equal bytes.
  public static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .throw
    let sparse = try JSONSerialization.jsonObject(with: encoder.encode(value))
    var full = sparse
    if var run = sparse as? [String: Any] {
      fillNulls(&run)
      full = run
    }
    return try JSONSerialization.data(
      withJSONObject: full, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// Figures that may be absent, which are then written as null.
  private static let optionalKeys = [
    "accuracy", "backward_transfer", "backward_transfer_over_t", "forward_transfer", "forgetting",
    "learning_accuracy", "intransigence", "chance", "virtual_seconds", "steps_per_second",
    "weights_sha256", "spatial_skew", "stage_skew",
  ]

  private static func fillNulls(_ object: inout [String: Any]) {
    if let runs = object["runs"] as? [[String: Any]] {
      object["runs"] = runs.map { run -> [String: Any] in
        var run = run
        fillNulls(&run)
        return run
      }
      return
    }
    for key in optionalKeys where object[key] == nil { object[key] = NSNull() }
    if var staleness = object["staleness"] as? [String: Any] {
      for key in ["mean", "max"] where staleness[key] == nil { staleness[key] = NSNull() }
      object["staleness"] = staleness
    }
    if let workers = object["per_worker"] as? [[String: Any]] {
      object["per_worker"] = workers.map { worker -> [String: Any] in
        var worker = worker
        for key in ["accuracy", "backward_transfer"] where worker[key] == nil {
          worker[key] = NSNull()
        }
        return worker
      }
    }
  }

  /// The runs in a `result.json`, of one run or of a comparison.
  ///
  /// - Throws: ``ReportError``.
  public static func decode(_ data: Data, file: String) throws(ReportError) -> [RunResult] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    struct Header: Decodable {
      let schema: Int?
      let runs: [SchemaOnly]?
      struct SchemaOnly: Decodable { let schema: Int? }
    }
    do {
      let header = try decoder.decode(Header.self, from: data)
      guard header.schema == 1 else {
        throw ReportError(
          "\(file) has schema \(header.schema.map(String.init) ?? "none"); this program reads 1")
      }
      return header.runs == nil
        ? [try decoder.decode(RunResult.self, from: data)]
        : try decoder.decode(ComparisonResult.self, from: data).runs
    } catch let error as ReportError {
      throw error
    } catch {
      throw ReportError("\(file) is no result of a run; name the folder given to --output")
    }
  }
}

/// Why results cannot be read or written: one sentence.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: One sentence.
  public init(_ description: String) { self.description = description }
}
