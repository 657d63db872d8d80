import Foundation
import GRDB
import Metrics
import Testing

@testable import Reports

/// Two methods, two rates, two seeds; the last cell is missing.
private func tiny(plots: [StudyPlot] = [], without missing: Set<Int> = [7]) -> StudyResult {
  var cells: [StudyResult.Cell] = []
  for (m, method) in ["none", "a,\"<b>\""].enumerated() {
    for (r, rate) in ["0.1", "1"].enumerated() {
      for seed in 1...2 {
        var run = sample(method)
        run.accuracy = 0.5 + 0.2 * Double(m) + 0.1 * Double(r) + 0.02 * Double(seed)
        run.forgetting = m == 0 ? 0.25 : nil
        run.communication.push.framedBytes = 1_000 * (m + 1) + 10 * r
        let index = cells.count
        cells.append(
          .init(
            hash: String(repeating: "\(index)", count: 64), folder: "cell\(index)",
            place: [method, rate], seed: seed == 2 ? .max : 1,
            settings: [
              .init(key: "method.name", value: method), .init(key: "optimizer.rate", value: rate),
              .init(key: "batch", value: "\(32 * (m + 1))"),
            ], run: missing.contains(index) ? nil : run))
      }
    }
  }
  return StudyResult(
    name: "tiny", title: "Tiny & <small>", command: "hebb study 'a b.yaml'", file: "grid: <x>\n",
    axes: [
      .init(name: "method.name", values: ["none", "a,\"<b>\""]),
      .init(name: "optimizer.rate", values: ["0.1", "1"]),
    ], otherKeys: ["batch"], plots: plots, cells: cells)
}

/// The same with accuracies over time.
private func timed() -> StudyResult {
  let study = tiny(without: [])
  let cells = study.cells.map { cell in
    var run = sample(cell.place[0])
    run.curve = [
      .init(step: 0, version: 0, accuracies: [0.5, 0.5], seconds: 0),
      .init(step: 9, version: 9, accuracies: [0.9, 0.7], seconds: 4),
    ]
    return StudyResult.Cell(
      hash: cell.hash, folder: cell.folder, place: cell.place, seed: cell.seed,
      settings: cell.settings, run: run)
  }
  return StudyResult(
    name: "t", title: "t", command: "", file: "", axes: study.axes, otherKeys: [], plots: [],
    cells: cells)
}

private func figure(_ name: String) throws -> StudyFigure {
  try #require(StudyFigure.named(name))
}

@Suite struct `A study's results` {
  @Test func `are grouped over seeds, in the order of the grid`() throws {
    let groups = tiny().groups
    #expect(
      groups.map(\.place) == [
        ["none", "0.1"], ["none", "1"], ["a,\"<b>\"", "0.1"], ["a,\"<b>\"", "1"],
      ])
    #expect(groups.map(\.completeCount) == [2, 2, 2, 1])
    let sample = try #require(groups[0].sample(.accuracy))
    // 0.52 and 0.54: 12.7062 · 0.01 to either side.
    #expect(abs(sample.mean - 0.53) < 1e-12)
    #expect(abs(try #require(sample.halfWidth95) - 0.127062) < 1e-9)
    #expect(groups[2].sample(.forgetting) == nil)
  }

  @Test func `that have a value make a part of the study`() throws {
    let study = tiny(without: [])
    let axis = study.axes[0]
    let part = study.part(where: [.init(key: axis.name, value: axis.values[1])])
    #expect(part.axes[0].values == [axis.values[1]] && part.axes.count == study.axes.count)
    #expect(part.cells.count * axis.values.count == study.cells.count)
    #expect(part.cells.allSatisfy { $0.place[0] == axis.values[1] })
    #expect(study.part(where: []).cells.count == study.cells.count)
    #expect(study.part(where: [.init(key: axis.name, value: "?")]).cells.isEmpty)
  }

  @Test func `make a table with intervals where there are several runs`() {
    let rows = StudyTable(study: tiny()).rows
    #expect(rows[0] == ["none", "0.1", "2", "53.0 ± 12.7", "−30.0 ± 0.0", "25.0 ± 0.0", "1.00 kB"])
    #expect(rows[3] == ["a,\"<b>\"", "1", "1", "82.0", "−30.0", "–", "2.01 kB"])
    let text = StudySummary(tiny(), style: TerminalStyle(colors: nil, width: 100)).text
    #expect(text.contains("method"))
    #expect(text.contains("note: 1 of 8 cells are missing; the same command goes on"))
  }

  @Test func `make a CSV file with a row a cell, whatever is in its words`() {
    let lines = StudyCSV(tiny()).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 10 && lines[9].isEmpty)
    let columns = lines[0].split(separator: ",").map(String.init)
    #expect(
      Array(columns.prefix(7)) == [
        "method.name", "optimizer.rate", "batch", "seed", "status", "accuracy", "backward_transfer",
      ])
    #expect(columns.suffix(2) == ["folder", "hash"])
    #expect(lines[1].hasPrefix("none,0.1,32,1,complete,0.52,-0.3,"))
    #expect(lines[2].hasPrefix("none,0.1,32,18446744073709551615,complete,"))
    #expect(lines[5].hasPrefix("\"a,\"\"<b>\"\"\",0.1,64,1,complete,0.72,"))
    #expect(lines[8].contains(",64,18446744073709551615,missing,,,"))
    for line in lines[1...4] {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns.count)
    }
  }

  @Test func `fill a database that answers questions, again and again`() throws {
    let folder = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/study.sqlite"
    try StudyDatabase.write(tiny(without: [1, 2, 3]), to: path)
    try StudyDatabase.write(tiny(), to: path)
    let queue = try DatabaseQueue(path: path)
    try queue.read { database in
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM cells") == 8)
      #expect(
        try Int.fetchOne(database, sql: "SELECT count(*) FROM cells WHERE status = 'complete'") == 7
      )
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM settings") == 24)
      let mean = try Double.fetchOne(
        database,
        sql: """
          SELECT avg(figures.value) FROM figures JOIN settings USING (hash)
          WHERE name = 'accuracy' AND key = 'optimizer.rate' AND settings.number < 0.5
          """)
      #expect(abs(try #require(mean) - 0.63) < 1e-12)
      #expect(
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM figures WHERE name = 'forgetting'") == 4)
      #expect(
        try String.fetchAll(
          database, sql: "SELECT DISTINCT value FROM settings WHERE hash LIKE '7%'")
          == ["a,\"<b>\"", "1", "64"])
    }
    try queue.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["study.sqlite"])
    #expect(throws: ReportError.self) {
      try StudyDatabase.write(tiny(), to: folder + "/nowhere/study.sqlite")
    }
  }

  @Test func `keep names as they are written and seeds to the last digit`() throws {
    let path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8)).sqlite"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (names, seeds): ([String], [UInt64]) = (["007", "7", "7.0"], [1, .max - 1, .max])
    let cells = names.flatMap { name in
      seeds.map { seed in
        StudyResult.Cell(
          hash: "\(name) \(seed)", folder: name, place: [name], seed: seed,
          settings: [
            .init(key: "seed", value: "\(seed)"), .init(key: "name", value: "1e3"),
            .init(key: "method.name", value: "infinity"),
          ], run: sample())
      }
    }
    try StudyDatabase.write(
      StudyResult(
        name: "n", title: "n", command: "", file: "", axes: [.init(name: "variant", values: names)],
        otherKeys: [], plots: [], baseline: [.init(key: "variant", value: "7")], cells: cells),
      to: path)
    let queue = try DatabaseQueue(path: path)
    func words(_ sql: String) throws -> [String] {
      try queue.read { try String.fetchAll($0, sql: sql) }
    }
    #expect(try words("SELECT DISTINCT variant FROM cells ORDER BY rowid") == names)
    #expect(try words("SELECT variant FROM comparison ORDER BY rowid") == names)
    #expect(try words("SELECT DISTINCT seed FROM cells ORDER BY rowid") == seeds.map(String.init))
    let ofSeeds = "SELECT DISTINCT value FROM settings WHERE key = 'seed' ORDER BY rowid"
    #expect(try words(ofSeeds) == seeds.map(String.init))
    let types = """
      SELECT typeof(seed) FROM cells UNION SELECT typeof(variant) FROM cells
      UNION SELECT typeof(value) FROM settings UNION SELECT typeof(variant) FROM comparison
      """
    #expect(try words(types) == ["text"])
    let ofWords = "SELECT DISTINCT typeof(number) FROM settings WHERE key = 'method.name'"
    #expect(try words(ofWords) == ["null"])
    #expect(try words("SELECT DISTINCT number FROM settings WHERE value = '1e3'") == ["1000.0"])
    try queue.close()
  }

  @Test func `are JSON for programs`() throws {
    let data = try StudyJSON.encode(tiny())
    #expect(try data == StudyJSON.encode(tiny()))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let groups = try #require(object["groups"] as? [[String: Any]])
    let figures = try #require(groups[3]["figures"] as? [String: [String: Any]])
    #expect(groups.count == 4 && groups[3]["n"] as? Int == 1)
    #expect(figures["accuracy"]?["half_width_95"] == nil && figures["forgetting"] == nil)
    #expect((object["cells"] as? [[String: Any]])?.count == 8)
  }
}

@Suite struct `A study's page` {
  private func plots() throws -> [StudyPlot] {
    var log = StudyPlot(
      x: .setting("optimizer.rate"), y: try figure("accuracy"), by: "method.name")
    log.scale = .log
    var front = StudyPlot(
      x: .figure(try figure("communication")), y: try figure("accuracy"), by: "method.name")
    front.kind = .pareto
    return [
      log, front, StudyPlot(x: .setting("method.name"), y: try figure("forgetting"), by: nil),
      StudyPlot(x: .setting("batch"), y: try figure("stage_skew"), by: nil),
    ]
  }

  @Test func `is well-formed, self-contained, and the same for the same results`() throws {
    let html = StudyPage(tiny(plots: try plots())).html
    #expect(WellFormedness.flaw(in: html) == nil)
    #expect(html == StudyPage(tiny(plots: try plots())).html)
    for word in ["<script", "http:", "https:", "src=", "NaN", "inf"] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("Tiny &amp; &lt;small&gt;"))
    #expect(html.contains("hebb study &#39;a b.yaml&#39;"))
    #expect(html.contains("The highest average accuracy is 82.0 %, by a,&quot;&lt;b&gt;&quot;, "))
    #expect(html.contains("7 of 8 runs are complete."))
    #expect(html.contains("53.0 ± 12.7"))
  }

  @Test func `says how far two figures rank the groups alike`() throws {
    var plot = StudyPlot(x: .figure(try figure("communication")), y: try figure("accuracy"))
    plot.kind = .scatter
    // Both grow with the method, and within it with the rate.
    let html = StudyPage(tiny(plots: [plot], without: [])).html
    #expect(WellFormedness.flaw(in: html) == nil)
    #expect(html.contains("Spearman&#39;s rank correlation: 1 over 4 points."))
    plot.by = "method.name"
    #expect(!StudyPage(tiny(plots: [plot], without: [])).html.contains("rank correlation"))
  }

  @Test(arguments: [Set(0..<8), Set(1..<8)])
  func `stands with nothing, or one cell, to show`(missing: Set<Int>) throws {
    let html = StudyPage(tiny(plots: try plots(), without: missing)).html
    #expect(WellFormedness.flaw(in: html) == nil)
    #expect(html.contains("No run has the figures") == (missing.count == 8))
  }

  @Test func `draws means, intervals, and what they are the means of`() throws {
    let plot = StudyPlotFigure(try plots()[0], of: tiny())
    let svg = try #require(plot.drawing(width: 420)).svg
    #expect(svg.contains("none, rate 0.1: 53.0 ± 12.7 (n = 2)"))
    #expect(svg.contains("rate 1: 82.0 (n = 1)"))
    let pooled = StudyPlotFigure(
      StudyPlot(x: .setting("method.name"), y: .accuracy), of: tiny())
    #expect(pooled.caption.hasPrefix("Means over seeds and optimizer.rate. Bars"))
    // 0.52, 0.54, 0.62, 0.64: s² = 0.0104 / 3, and 3.182446 · s / 2 = 0.0937.
    let drawn = try #require(pooled.drawing(width: 420)).svg
    #expect(drawn.contains("method none: 58.0 ± 9.4 (n = 4)"))
  }

  @Test(arguments: [
    ("method.lambda", "penalty strength λ", "λ"),
    ("placement.beta", "Dirichlet concentration β", "β"),
    ("cluster.local-steps", "local steps H", "H"), ("optimizer.rate", "learning rate η", "rate"),
    ("communication.push-density", "density of pushes", "push density"),
    ("method.name", "method", "method"),
    ("stream.examples-per-task", "examples per task", "examples-per-task"),
    ("variant", "variant", "variant"),
  ])
  func `names axes as papers do, and the key below`(key: String, title: String, short: String)
    throws
  {
    let study = tiny(without: [])
    let axes = [
      StudyResult.Axis(name: key, values: ["0.1", "1"]),
      StudyResult.Axis(name: "batch", values: study.axes[1].values),
    ]
    let other = StudyResult(
      name: "t", title: "t", command: "", file: "", axes: axes, otherKeys: [], plots: [],
      cells: study.cells.map {
        .init(
          hash: $0.hash, folder: $0.folder, place: ["0.1", $0.place[1]], seed: $0.seed,
          settings: [], run: sample())
      })
    let plot = StudyPlotFigure(StudyPlot(x: .setting(key), y: .accuracy), of: other)
    let svg = try #require(plot.drawing(width: 420)).svg
    #expect(svg.contains(">\(title)</text>") && plot.name == "ACC over \(title)")
    #expect(plot.caption.hasSuffix(" From left to right: \(key).") == key.contains("."))
    #expect(other.columnNames[0] == short)
    #expect(StudyCSV(other).text.hasPrefix("\(key),"))
  }

  @Test func `has each plot as a picture that needs no page`() throws {
    let pictures = StudyPage(tiny(plots: try plots())).pictures
    #expect(pictures.map { $0 == nil } == [false, false, false, true])
    for picture in pictures.compactMap(\.self) {
      #expect(WellFormedness.flaw(in: picture) == nil)
      #expect(picture.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"752\""))
      #expect(picture.contains("fill=\"#fff\"/>") && picture.contains(".series.s0"))
      for word in ["var(", "<script", "src=", "href", "url(", "NaN"] {
        #expect(!picture.contains(word), "\(word)")
      }
    }
  }

  @Test func `joins the points that nothing beats`() throws {
    let points = StudyPlotPoints(try plots()[1], of: tiny())
    let front = StudyPlotPoints.front(points.all, .bytes, .accuracy)
    // More bytes bring more accuracy in every step here, so all four are on it.
    #expect(front.map(\.x) == [1_000, 1_010, 2_000, 2_010])
    #expect(StudyPlotPoints.front(points.all, .bytes, .forgetting).count == 1)
    let svg = try #require(StudyPlotFigure(try plots()[1], of: tiny()).drawing(width: 420)).svg
    #expect(svg.components(separatedBy: "class=\"front\"").count == 2)
    // Each method has one of its own, and the points on them their rates beside them.
    #expect(svg.contains("class=\"front own s0\"") && svg.contains("class=\"front own s1\""))
    #expect(svg.contains(">rate 0.1</text>") && svg.contains(">rate 1</text>"))
  }

  @Test func `does not let bounds compete`() throws {
    func point(_ x: Double, _ y: Double, isBound: Bool = false) -> StudyPlotPoints.Point {
      .init(x: x, y: y, name: "\(x)", count: 1, isBound: isBound)
    }
    let points = [point(3, 0.9), point(1, 0.5), point(2, 0.4), point(1, 0.99, isBound: true)]
    #expect(StudyPlotPoints.front(points, .bytes, .accuracy).map(\.x) == [1, 3])
  }

  @Test func `draws the mean accuracy of a group over time`() throws {
    func moments(_ values: [(Double, Double)]) -> [StudyResult.Moment] {
      values.map { .init(seconds: $0.0, accuracy: $0.1) }
    }
    let mean = StudyCurve.mean([
      moments([(0, 0.2), (2, 0.6)]), moments([(0, 0.4), (1, 0.4), (4, 1)]), [],
    ])
    // At 1 s: 0.4 and 0.4; at 2 s: 0.6 and 0.6; at 4 s the first has stayed at 0.6.
    #expect(mean.map(\.seconds) == [0, 1, 2, 4])
    for (found, expected) in zip(mean.map(\.accuracy), [0.3, 0.4, 0.6, 0.8]) {
      #expect(abs(found - expected) < 1e-12)
    }
    // One run is as it was measured, two values at one time and all.
    #expect(StudyCurve.mean([moments([(0, 0.1), (0, 0.2)]), []]).map(\.accuracy) == [0.1, 0.2])

    var run = sample()
    run.curve = [
      .init(step: 0, version: 0, accuracies: [0.25, 0.75], seconds: 0),
      .init(step: 5, version: 5, accuracies: [0.5, nil], seconds: 1),
      .init(step: 10, version: 10, accuracies: [1, 0.5], seconds: 2),
      .init(step: 11, version: 11, accuracies: [1, 0.5]),
    ]
    #expect(run.moments == moments([(0, 0.5), (2, 0.75)]))

    var plot = StudyPlot(x: .time, y: .accuracy, by: "method.name")
    plot.kind = .curve
    #expect(StudyPlotFigure(plot, of: tiny()).drawing(width: 420) == nil)
    let svg = try #require(StudyPlotFigure(plot, of: timed()).drawing(width: 420)).svg
    #expect(svg.contains("none, rate 0.1: 80.0 at 4.0 s (n = 2); "))
    #expect(svg.components(separatedBy: "<polyline").count == 5)
    #expect(svg.contains("class=\"label ink s1\">rate 1</text>"))
    plot.by = nil
    let plain = try #require(StudyPlotFigure(plot, of: timed()).drawing(width: 900)).svg
    #expect(plain.contains("class=\"series s3\"") && !plain.contains("label ink"))
  }
}

@Suite struct `A study's progress` {
  private let plain = TerminalStyle(colors: nil, width: 60)

  @Test func `is nothing where nobody looks, but for what failed`() {
    var progress = StudyProgress(.nobody, style: plain, cellCount: 4, doneBefore: 1)
    #expect(progress.show(running: ["a"], seconds: 0) == "")
    progress.finish()
    #expect(progress.fail("b", reason: "no") == "cell b failed: no\n")
    #expect(progress.end() == "")
  }

  @Test func `is one line, never wider than the terminal, where somebody does`() {
    var progress = StudyProgress(.terminal, style: plain, cellCount: 4, doneBefore: 1)
    progress.finish()
    let line = progress.line(["a", String(repeating: "long", count: 20)], 10)
    #expect(line.hasPrefix("2/4 cells ██████████░░░░░░░░░░ · 20.0 s left · a, long"))
    #expect(line.count == 59 && line.hasSuffix("…"))
    #expect(progress.show(running: [], seconds: 10).hasPrefix("\r2/4"))
    #expect(progress.fail("b", reason: "no") == "\r\u{1B}[Kcell b failed: no\n")
    #expect(progress.end() == "" && !progress.show(running: [], seconds: 11).isEmpty)
    #expect(progress.end() == "\n" && progress.end() == "")
  }
}

@Suite struct `A study's folder` {
  private let path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8))"

  /// The result of a cell, in the folder that it is written to first.
  private func fill(_ folder: StudyFolder, _ name: String, status: String) throws -> RunResult {
    var run = sample()
    run.status = status
    run.experiment = "name: \(name)\n"
    let draft = try folder.plan(name, experiment: run.experiment).draft
    try ResultFolder(draft).prepare(overwrite: false)
    try ResultFolder(draft).write(run)
    return run
  }

  @Test func `keeps what cells of an interrupted study measured, as whole only what is`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = try StudyFolder(path)
    let whole = try fill(folder, "a-111111111111", status: "complete")
    let part = try fill(folder, "b-222222222222", status: "stopped")
    #expect(folder.result(of: "a-111111111111", experiment: whole.experiment) == nil)
    let torn = try folder.plan("c-333333333333", experiment: "name: c\n").draft
    try ResultFolder(torn).prepare(overwrite: false)
    folder.tidy()
    #expect(folder.result(of: "a-111111111111", experiment: whole.experiment) == whole)
    #expect(folder.result(of: "a-111111111111", experiment: "another") == nil)
    #expect(folder.result(of: "b-222222222222", experiment: part.experiment) == nil)
    let names = [
      "111111111111": "a-111111111111", "222222222222": "b-222222222222",
      "333333333333": "c-333333333333",
    ]
    #expect(folder.namesByDigits() == names)
    let kept = folder.file("cells/b-222222222222.partial")
    #expect(try ResultFolder(kept).read() == [part])
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder.file("cells"))
    #expect(Set(entries) == Set(names.values).union(["b-222222222222.partial"]))
    _ = try folder.plan("b-222222222222", experiment: part.experiment)
    #expect(!FileManager.default.fileExists(atPath: kept))
  }

  @Test func `has the pictures of its plots, and none of earlier ones`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = try StudyFolder(path)
    try folder.write(plots: ["a", "b", "c"])
    try folder.write(plots: ["d", nil])
    let entries = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(entries.filter { $0.hasPrefix("plot") } == ["plot-1.svg"])
    #expect(try String(contentsOfFile: folder.file("plot-1.svg"), encoding: .utf8) == "d")
  }

  @Test func `is one study's at a time`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var first: StudyFolder? = try StudyFolder(path)
    try first?.write(Data(), to: "study.yaml")
    #expect {
      try StudyFolder(path)
    } throws: {
      "\($0)".contains("another study is at work in")
    }
    first = nil
    _ = try StudyFolder(path)
  }
}
