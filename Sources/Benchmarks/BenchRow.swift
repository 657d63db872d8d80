import Foundation
public import Reports
import Running

/// One measured figure with its yardstick.
public struct BenchRow: Encodable, Sendable {
  let name: String
  /// Median, in `unit`.
  let value: Double
  let unit: String
  /// What it is compared with, in the same unit; absent when it was not measured.
  var yardstick: String?
  var yardstickValue: Double?
  /// As the target is stated.
  var ratio: Double?
  var target: String

  /// For programs.
  ///
  /// - Throws: Nothing for finite figures.
  public static func json(_ rows: [BenchRow]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(rows), as: UTF8.self)
  }

  /// For people.
  public static func table(_ rows: [BenchRow]) -> TextTable {
    let header = ["what", "median", "yardstick", "its median", "ratio", "target"]
    let cells = rows.map { row in
      [
        row.name, "\(figure(row.value)) \(row.unit)",
        row.yardstick ?? (row.target.isEmpty ? "" : "not measured"),
        row.yardstickValue.map { "\(figure($0)) \(row.unit)" } ?? "",
        row.ratio.map { String(format: "%.2f", $0) } ?? "", row.target,
      ]
    }
    return TextTable(header: header, rows: cells, leftColumns: Set(header.indices))
  }

  private static func figure(_ value: Double) -> String {
    value >= 100 ? String(format: "%.0f", value) : String(format: "%.3g", value)
  }
}
