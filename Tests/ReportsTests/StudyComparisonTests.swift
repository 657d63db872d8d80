import Foundation
import GRDB
import Metrics
import Testing

@testable import Reports

/// Two methods and a bound, each dense and sparse, three seeds.
private func compared(baseline: [StudyResult.Setting], without missing: Set<Int> = [])
  -> StudyResult
{
  let accuracies: [[Double]] = [
    [0.70, 0.72, 0.74], [0.69, 0.70, 0.74],  // ewc: differences −0.01, −0.02, 0
    [0.80, 0.81, 0.82], [0.78, 0.80, 0.79],  // mas
    [0.99, 0.99, 0.99], [0.99, 0.99, 0.99],  // joint
  ]
  let bytes = [12_000, 100, 12_000, 120, 11_000, 90]
  var cells: [StudyResult.Cell] = []
  for (m, method) in ["ewc", "mas", "joint"].enumerated() {
    for (v, variant) in ["dense", "sparse"].enumerated() {
      for seed in 1...3 {
        let row = 2 * m + v
        var run = sample(method)
        run.accuracy = accuracies[row][seed - 1]
        run.backwardTransfer = accuracies[row][seed - 1] - 1
        run.communication = .init()
        run.communication.push.framedBytes = bytes[row] - 50
        run.communication.evaluation.framedBytes = 50
        let index = cells.count
        cells.append(
          .init(
            hash: "\(index)".padded(to: 64), folder: "cell\(index)", place: [method, variant],
            seed: UInt64(seed), settings: [], run: missing.contains(index) ? nil : run))
      }
    }
  }
  return StudyResult(
    name: "c", title: "c", command: "", file: "",
    axes: [
      .init(name: "method.name", values: ["ewc", "mas", "joint"]),
      .init(name: "variant", values: ["dense", "sparse"]),
    ], otherKeys: [], plots: [], baseline: baseline, cells: cells)
}

private let dense = [StudyResult.Setting(key: "variant", value: "dense")]

@Suite struct `A study's comparison` {
  @Test func `is with the group that is equal in all other settings`() throws {
    let rows = try #require(StudyComparison(compared(baseline: dense))).rows
    #expect(rows.map(\.group.place) == compared(baseline: dense).groups.map(\.place))
    #expect(
      rows.map(\.baseline.place) == [
        ["ewc", "dense"], ["ewc", "dense"], ["mas", "dense"], ["mas", "dense"],
        ["joint", "dense"], ["joint", "dense"],
      ])
    let one = [StudyResult.Setting(key: "method.name", value: "mas")] + dense
    let same = try #require(StudyComparison(compared(baseline: one))).rows
    #expect(same.allSatisfy { $0.baseline.place == ["mas", "dense"] })
    #expect(StudyComparison(compared(baseline: [])) == nil)
  }

  @Test func `has relative bytes and the interval of paired differences`() throws {
    let row = try #require(StudyComparison(compared(baseline: dense))).rows[1]
    #expect(row.bytes?.mean == 100)
    #expect(abs(try #require(row.relativeBytes) - 1.0 / 120) < 1e-12)
    // −0.01, −0.02 and 0: mean −0.01, s = 0.01, and t = 4.302653 for two degrees of freedom.
    let difference = try #require(row.accuracyDifference)
    #expect(abs(difference.mean + 0.01) < 1e-12)
    #expect(abs(try #require(difference.halfWidth95) - 4.302653 * 0.01 / 3.0.squareRoot()) < 1e-9)
    #expect(abs(try #require(row.backwardTransferDifference).mean + 0.01) < 1e-12)
  }

  @Test func `pairs only the seeds that both have`() throws {
    // Seed 1 of the dense runs and seed 3 of the sparse ones are missing: seed 2 is left.
    let study = compared(baseline: dense, without: [0, 5])
    let row = try #require(StudyComparison(study)).rows[1]
    #expect(row.accuracy?.count == 2)
    #expect(row.accuracyDifference?.count == 1 && row.accuracyDifference?.halfWidth95 == nil)
    #expect(abs(try #require(row.accuracyDifference).mean + 0.02) < 1e-12)
    let nothing = try #require(
      StudyComparison(compared(baseline: dense, without: Set(0..<18))))
    #expect(nothing.rows[1].relativeBytes == nil && nothing.rows[1].front == .beaten)
    #expect(WellFormedness.flaw(in: "<p>\(nothing.html)</p>") == nil)
  }

  @Test func `marks what nothing beats, of all and beside its baseline, bounds aside`() throws {
    let rows = try #require(StudyComparison(compared(baseline: dense))).rows
    // MAS beats EWC at the same 12,000 bytes; both sparse ones are cheaper than anything better.
    #expect(rows.map(\.front) == [.family, .all, .all, .all, .beaten, .beaten])
  }

  @Test func `is a table for people`() throws {
    let study = compared(baseline: dense)
    let comparison = try #require(StudyComparison(study))
    #expect(
      comparison.cells[1] == [
        "ewc", "sparse", "100 B", "1/120", "71.0 ± 6.6", "−1.0 ± 2.5", "−29.0 ± 6.6", "−1.0 ± 2.5",
        "all",
      ])
    #expect(comparison.cells[0][5] == "baseline" && comparison.cells[0][3] == "1")
    let page = StudyPage(study).html
    #expect(WellFormedness.flaw(in: page) == nil)
    #expect(page.contains("href=\"#comparison\"") && page.contains("id=\"comparison\""))
    #expect(!StudyPage(compared(baseline: [])).html.contains("#comparison"))
    let text = StudySummary(study, style: TerminalStyle(colors: nil, width: 120)).text
    #expect(text.contains("Against the baseline") && text.contains("1/120"))
  }

  @Test func `is the same in CSV, SQLite and JSON`() throws {
    let study = compared(baseline: dense)
    let lines = try #require(StudyCSV(study).comparison).split(separator: "\n")
    #expect(lines.count == 7 && StudyCSV(compared(baseline: [])).comparison == nil)
    #expect(
      lines[0].hasPrefix("method.name,variant,baseline,n,pairs,total_bytes,bytes_relative,"))
    #expect(lines[2].hasPrefix("ewc,sparse,\"ewc, dense\",3,3,100,0.008333333333333333,0.71,"))
    #expect(lines[2].hasSuffix(",all") && lines[5].hasSuffix(","))

    let path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8)).sqlite"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try StudyDatabase.write(study, to: path)
    let queue = try DatabaseQueue(path: path)
    try queue.read { database in
      let row = try #require(
        try Row.fetchOne(
          database,
          sql: """
            SELECT bytes_relative, accuracy_difference, front FROM comparison
            WHERE "method.name" = 'ewc' AND variant = 'sparse'
            """))
      #expect(row["bytes_relative"] == 1.0 / 120 && row["front"] == "all")
      #expect(abs(try #require(row["accuracy_difference"] as Double?) + 0.01) < 1e-12)
    }
    try queue.close()

    let object = try #require(
      try JSONSerialization.jsonObject(with: StudyJSON.encode(study)) as? [String: Any])
    let rows = try #require(object["comparison"] as? [[String: Any]])
    #expect((rows[1]["baseline"] as? [String: String])?["variant"] == "dense")
    #expect((rows[1]["figures"] as? [String: Double])?["bytes_relative"] == 1.0 / 120)
  }
}
