public import Foundation
import Metrics

/// A study's results as JSON, for programs: groups with their statistics, and every cell.
public enum StudyJSON {
  /// The bytes; equal results give equal bytes.
  public static func encode(_ study: StudyResult) throws -> Data {
    try ResultJSON.encode(
      Document(
        schema: 1, name: study.name, title: study.title, command: study.command,
        groups: study.groups.map { group in
          Document.Group(
            settings: settings(study, group.place), n: group.completeCount,
            figures: byName { figure in
              group.sample(figure).map {
                Document.Statistic(
                  n: $0.count, mean: $0.mean, standardDeviation: $0.standardDeviation,
                  halfWidth95: $0.halfWidth95)
              }
            })
        },
        comparison: StudyComparison(study).map { comparison in
          comparison.rows.map { row in
            Document.Comparison(
              settings: settings(study, row.group.place),
              baseline: settings(study, row.baseline.place), front: row.front.rawValue,
              figures: Dictionary(
                uniqueKeysWithValues: zip(StudyComparison.columns, StudyComparison.numbers(row))
                  .compactMap { name, value in value.map { (name, $0) } }))
          }
        },
        cells: study.cells.map { cell in
          Document.Cell(
            hash: cell.hash, folder: cell.folder, status: cell.status, seed: cell.seed,
            settings: settings(study, cell.place), figures: cell.figures ?? [:])
        }))
  }

  private static func settings(_ study: StudyResult, _ place: [String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: zip(study.axes.map(\.name), place))
  }

  private static func byName<Value>(_ value: (StudyFigure) -> Value?) -> [String: Value] {
    Dictionary(
      uniqueKeysWithValues: StudyFigure.all.compactMap { figure in
        value(figure).map { (figure.name, $0) }
      })
  }

  private struct Document: Encodable {
    let schema: Int
    let name: String
    let title: String
    let command: String
    let groups: [Group]
    /// Absent where the study names no baseline.
    let comparison: [Comparison]?
    let cells: [Cell]

    struct Group: Encodable {
      let settings: [String: String]
      let n: Int
      let figures: [String: Statistic]
    }

    struct Statistic: Encodable {
      let n: Int
      let mean: Double
      let standardDeviation: Double?
      let halfWidth95: Double?

      enum CodingKeys: String, CodingKey {
        case n, mean
        case standardDeviation = "standard_deviation"
        case halfWidth95 = "half_width_95"
      }
    }

    struct Comparison: Encodable {
      let settings: [String: String]
      let baseline: [String: String]
      let front: String
      let figures: [String: Double]
    }

    struct Cell: Encodable {
      let hash: String
      let folder: String
      let status: String
      let seed: UInt64
      let settings: [String: String]
      let figures: [String: Double]
    }
  }
}
