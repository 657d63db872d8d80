public import Foundation

/// Writes and reads results as JSON with snake_case keys, sorted, absent figures as null.
public enum ResultJSON {
  /// The bytes of a result; equal results give equal bytes. What is not finite becomes null.
  public static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// The runs in a `result.json`, of one run or of a comparison: at least one.
  ///
  /// - Parameter file: Its path, for the message.
  /// - Throws: ``ReportError`` for what is not JSON, has another schema, lacks a key, or does not
  ///   fit together.
  public static func decode(_ data: Data, file: String) throws(ReportError) -> [RunResult] {
    let decoder = JSONDecoder()
    guard (try? JSONSerialization.jsonObject(with: data)) != nil else {
      throw ReportError("\(file) is not JSON; name a folder that `hebb run --output` made")
    }
    guard let header = try? decoder.decode(Header.self, from: data) else {
      throw ReportError("\(file) is no result of a run; name the folder given to --output")
    }
    guard header.schema == 1 else {
      throw ReportError("\(file) has schema \(header.schema); this program reads 1")
    }
    let runs: [RunResult]
    do {
      runs =
        header.runs == nil
        ? [try decoder.decode(RunResult.self, from: data)]
        : try decoder.decode(ComparisonResult.self, from: data).runs
    } catch {
      throw ReportError("\(file) \(reason(error)); repeat the run that made it")
    }
    guard !runs.isEmpty else { throw ReportError("\(file) holds no run; repeat what made it") }
    for run in runs {
      if let flaw = run.flaw { throw ReportError("\(file) \(flaw); repeat the run that made it") }
    }
    return runs
  }

  private struct Header: Decodable {
    let schema: Int
    let runs: [Empty]?
    struct Empty: Decodable {}
  }

  /// What a decoder stumbled over, with the place.
  private static func reason(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        .trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      return "lacks the key \(place(context.codingPath + [key]))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      return "has something unexpected at \(place(context.codingPath))"
    default: return "cannot be understood"
    }
  }
}
