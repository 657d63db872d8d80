import Foundation
import Testing

@testable import Reports

/// Nine examples of its own, and what a method did beside them.
private func worked(_ method: String = "ewc") -> RunResult {
  var run = sample(method)
  run.kept = .init(workers: 2_000, servers: 3_000, coordinator: 8)
  var work = RunResult.Work()
  work.new = 90
  work.replayed = 30
  work.made = 10
  work.generator = 20
  work.references = 5
  work.importance = 9
  work.frozenPasses = 31
  run.work = work
  return run
}

@Suite struct `Costs` {
  @Test func `add gradients up, and a third of every pass up a frozen network`() throws {
    let work = try #require(worked().work)
    #expect(work.exampleGradients == 90 + 30 + 10 + 20 + 5 + 9 + 10)
    #expect(work.relative == 174.0 / 90)
    #expect(RunResult.Work().relative == nil)
  }

  @Test func `stand in the result, with what follows from them`() throws {
    let data = try ResultJSON.encode(worked())
    #expect(try ResultJSON.decode(data, file: "f") == [worked()])
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let work = try #require(object["work"] as? [String: Any])
    #expect(work["example_gradients"] as? Int == 174 && work["frozen_passes"] as? Int == 31)
    #expect(abs((work["relative_to_plain"] as? Double ?? 0) - 174.0 / 90) < 1e-12)
    #expect(work.count == 9)
  }

  @Test func `are this table`() {
    let text = CostTable(runs: [worked(), sample("mas")], labels: ["ewc", "mas"])
      .text(TerminalStyle(hasColor: false, width: 120))
    let rows = text.split(separator: "\n").map { line in
      line.split(separator: /\s\s+/).map(String.init)
    }
    #expect(
      rows == [
        ["What it cost"], ["method"] + CostTable.names,
        ["ewc", "2.00 kB", "3.00 kB", "8 B", "1.10 kB", "174", "1.93"],
        ["mas", "–", "–", "–", "1.10 kB", "–", "–"],
      ])
  }

  @Test func `are in the section of every run and of the comparison`() {
    let page = ReportPage([worked(), worked("mas")]).html
    #expect(page.components(separatedBy: "<h3>What it cost</h3>").count == 4)
    #expect(page.contains("relative to plain") && page.contains(">1.93<"))
    #expect(WellFormedness.flaw(in: page.replacing("<!doctype html>", with: "")) == nil)
  }

  @Test func `are figures of studies`() throws {
    func value(_ name: String) throws -> Double? {
      try #require(StudyFigure.named(name)).value(in: worked())
    }
    #expect(try value("example_gradients") == 174 && value("relative_to_plain") == 174.0 / 90)
    #expect(try value("kept_bytes") == 5_008 && value("kept_bytes.workers") == 2_000)
    #expect(try value("kept_bytes.servers") == 3_000 && value("kept_bytes.coordinator") == 8)
  }
}

@Suite struct `The transfer view` {
  private var fresh: RunResult {
    var run = sample("independent")
    run.matrix = [[0.5, 0.25], [0.9, 0.5], [0.6, 0.75]]
    return run
  }

  @Test func `counts the last task, and gains over independent models`() {
    let view = TransferView([sample("none"), fresh], labels: ["none", "independent"])
    #expect(view.rows[0].last == 0.8)
    #expect(abs((view.rows[0].gain ?? 0) - 0.05) < 1e-12)
    #expect(abs((view.rows[0].meanGain ?? 0) - 0.025) < 1e-12)
    #expect(view.rows[1] == .init(last: 0.75, gain: 0, meanGain: 0))
  }

  @Test func `knows no gain without an independent run of the same tasks`() {
    var other = fresh
    other.taskNames = ["x", "y"]
    for runs in [[sample("none"), sample("ewc")], [sample("none"), other]] {
      let row = TransferView(runs, labels: ["a", "b"]).rows[0]
      #expect(row == .init(last: 0.8, gain: nil, meanGain: nil))
    }
  }

  @Test func `is this table, and one sentence on the page`() {
    let runs = [sample("none"), fresh]
    #expect(
      TransferView(runs, labels: ["none", "independent"]).text(
        TerminalStyle(hasColor: false, width: 100)) == """
          Transfer view in % (only the last task counts) beside the lifelong one
          method       last task R[T, T] %  gain over fresh  mean gain  lifelong: ACC    BWT
          none                        80.0             +5.0       +2.5           70.0  -30.0
          independent                 75.0             +0.0       +0.0           70.0  -30.0

          """)
    let page = ReportPage(runs).html
    #expect(page.contains("<h3>Transfer view</h3>"))
    #expect(page.contains(escaped(Definitions.transferView)))
    #expect(!ReportPage([sample()]).html.contains("<h3>Transfer view</h3>"))
  }
}
