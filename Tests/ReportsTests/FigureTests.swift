import Foundation
import Testing

@testable import Reports

@Suite struct `Drawings` {
  @Test func `axes have round ticks and stay within their ends`() {
    let axis = Axis(values: 0...1_884, from: 0, to: 100)
    #expect(axis.ticks(4) == [0, 500, 1_000, 1_500])
    #expect(axis(942) == 50 && axis(-5) == 0 && axis(1e9) == 100)
    #expect(Axis(values: 0.7...1, from: 0, to: 1).ticks(5).count == 4)
    #expect(Axis(values: 3...3, from: 7, to: 9)(3) == 7)
    let log = Axis(values: 1e-6...1e-2, from: 0, to: 4, isLogarithmic: true)
    #expect(abs(log(1e-3) - 3) < 1e-9 && log.decades(atMost: 5) == [-6, -5, -4, -3, -2])
    #expect(log.decades(atMost: 3) == [-6, -4, -2])
    #expect(Axis.power(-12) == "10⁻¹²")
  }

  @Test func `labels are moved apart, in order, as little as needed`() {
    #expect(Lettering.spread([10, 50], gap: 14, in: 0...100) == [10, 50])
    #expect(Lettering.spread([50, 49], gap: 10, in: 0...100) == [59, 49])
    #expect(Lettering.spread([98, 100, 99], gap: 10, in: 0...100) == [80, 100, 90])
    // No room for the gap: as far apart as it goes.
    #expect(Lettering.spread([5, 5, 5], gap: 14, in: 0...10) == [0, 5, 10])
    #expect(Lettering.spread([], gap: 14, in: 0...10).isEmpty)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `labels keep their gap and range wherever they begin`(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    let places = (0..<8).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24) * 200
    }
    let result = Lettering.spread(places, gap: 14, in: 0...200)
    let order = places.indices.sorted { places[$0] < places[$1] }
    for (a, b) in zip(order, order.dropFirst()) { #expect(result[b] - result[a] >= 14 - 1e-9) }
    #expect(result.allSatisfy { (0...200).contains($0) })
  }

  @Test(arguments: 0..<HeatLevels.count)
  func `ink on every level of the heat map can be read, on paper and on a dark page`(level: Int) {
    let share = Double(level) / Double(HeatLevels.count - 1)
    // 4.5 is what the standard asks of small text.
    for scale in [HeatScale.light, .dark] {
      #expect(scale[share].contrast(with: scale[share].ink) >= 4.5)
    }
  }

  @Test func `heat grows steadily lighter or darker`() {
    let steps = stride(from: 0.0, through: 1, by: 0.05)
    let light = steps.map { HeatScale.light[$0].luminance }
    let dark = steps.map { HeatScale.dark[$0].luminance }
    #expect(light == light.sorted(by: >) && dark == dark.sorted())
    #expect(Set(light).count == light.count && Set(dark).count == dark.count)
  }

  @Test func `contrast is that of the standard`() {
    let (black, white) = (Color(0, 0, 0), Color(255, 255, 255))
    #expect(abs(black.contrast(with: white) - 21) < 1e-9)
    // A known pair: #767676 on white is the lightest grey of ratio 4.5.
    #expect(abs(Color(hex: 0x767676).contrast(with: white) - 4.54) < 0.01)
  }

  @Test func `a task's stability is what it kept of its best`() throws {
    let svg = try #require(TradeoffFigure(tasksOf: sample()).drawing(width: 420)).svg
    // Task 0-1 was learned at 90 % and ends at 60 %.
    #expect(svg.contains("0-1: plasticity 90.0 %, stability 70.0 %"))
    #expect(!svg.contains("a,"))
  }

  @Test func `a bar ends where its amount does`() {
    let figure = StackFigure(
      title: "t", summary: "s",
      bars: [
        .init(name: "x", note: "", parts: [.init(name: "p", amount: 3, text: "3", css: "a")]),
        .init(name: "y", note: "", parts: [.init(name: "p", amount: 1, text: "1", css: "b")]),
      ])
    let svg = figure.drawing(width: 300).svg
    #expect(svg.contains("width=\"300\" height=\"22\" class=\"a\""))
    #expect(svg.contains("width=\"100\" height=\"22\" class=\"b\""))
  }

  @Test func `coordinates are short and finite`() {
    #expect(short(1.25) == "1.3" && short(-0.04) == "0" && short(-2.5) == "-2.5" && short(7) == "7")
    #expect(short(.nan) == "0" && short(.infinity) == "0")
  }

  @Test func `text is safe in content and attributes`() {
    #expect(
      escaped("<a b=\"c\" d='e'>&\u{1B}\n")
        == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;\u{FFFD}\n")
  }
}

/// A text of a drawing with what it covers from left to right, by the estimate of its width.
struct DrawnText {
  let words: String
  let css: String
  let range: ClosedRange<Double>

  /// Those of all drawings in a page or picture, with the width of each one's drawing.
  static func all(in svg: String) -> [(text: DrawnText, width: Double)] {
    svg.components(separatedBy: "<svg").dropFirst().flatMap { part -> [(DrawnText, Double)] in
      let box = part.firstMatch(of: /viewBox="0 0 ([0-9.]+)/).flatMap { Double($0.1) } ?? 0
      return part.matches(
        of: /<text x="([0-9.-]+)" y="[0-9.-]+"( text-anchor="([a-z]+)")? class="([^"]*)">([^<]*)</
      ).map { match in
        let words = String(match.5).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
          .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing(
            "&amp;", with: "&")
        let (x, width) = (Double(match.1) ?? 0, Lettering.width(words))
        let from = match.3 == "end" ? x - width : match.3 == "middle" ? x - width / 2 : x
        return (DrawnText(words: words, css: String(match.4), range: from...from + width), box)
      }
    }
  }
}

@Suite struct `Letters in figures` {
  /// Advance widths of DejaVu Sans, the widest of the usual fonts, in 2,048ths of its size.
  @Test(arguments: [
    ("EWC", 1294 + 2025 + 1430), ("MAS", 1767 + 1401 + 1300), ("WWWW", 4 * 2025),
    ("mmm", 3 * 1995), ("0123456789", 10 * 1303), ("illicit", 4 * 569 + 569 + 1126 + 803),
    ("−30.0 %", 1716 + 3 * 1303 + 651 + 651 + 1946), ("Joint", 604 + 1253 + 569 + 1298 + 803),
  ])
  func `are no wider than is reckoned`(text: String, units: Int) {
    let width = 12 * Double(units) / 2_048
    #expect(Lettering.width(text) >= width && Lettering.width(text) < 1.45 * width)
    #expect(Lettering.width(Lettering.fitted(text, 20)) <= 20)
  }

  private static let runs: [RunResult] = ["none", "mas", "WWWW of MMMM WITH W"].map { method in
    var run = sampleWithBytes(method)
    run.taskNames = (1...24).map { "PERMUTATION number \($0)" }
    run.matrix = Array(repeating: Array(repeating: 0.4, count: 24), count: 25)
    run.curve = (0...24).map {
      .init(step: 500 * $0, version: 0, accuracies: Array(repeating: 0.4, count: 24))
    }
    run.taskBoundaries = run.taskNames.enumerated().map { .init(task: $1, step: 500 * ($0 + 1)) }
    run.losses = [.init(step: 1, loss: 1_234_567), .init(step: 12_000, loss: 0.001)]
    run.workers = 64
    run.arrangement.timeline = (0..<64).map { _ in
      [.init(task: "A", stage: 0, start: 0, end: 12_000)]
    }
    run.nodes = (0..<64).map {
      .init(
        node: "worker \($0)", busySeconds: $0 == 40 ? 9.6 : 2.4,
        waitingSeconds: $0 == 40 ? 0.4 : 7.6)
    }
    run.staleness.histogram = (0..<300).map { $0 * 1_000 }
    return run
  }

  @Test func `stay within their figure`() {
    let texts = DrawnText.all(in: ReportPage(Self.runs).html)
    #expect(texts.count > 500)
    for (text, width) in texts {
      #expect(text.range.lowerBound >= -0.1 && text.range.upperBound <= width + 0.1, "\(text)")
    }
  }

  @Test(arguments: [330.0, 900])
  func `name methods beside their bars, not under them and not cut`(width: Double) {
    let runs = [sample("none"), sample("ewc"), sample("mas")]
    let labels = RunLabels.make(runs, name: RunLabels.title)
    let svg = ComparisonFigure(runs: runs, labels: labels).drawing(width: width).svg
    let names = DrawnText.all(in: svg).map(\.text).filter { labels.contains($0.words) }
    #expect(Set(names.map(\.words)) == ["Plain", "EWC", "MAS"])
    #expect(names.allSatisfy { $0.range.lowerBound >= 2 })
    // They end at one line, to the left of all bars.
    let ends = names.map(\.range.upperBound)
    let bars = svg.matches(of: /<rect x="([0-9.]+)"/).compactMap { Double($0.1) }
    #expect((ends.max() ?? 0) - (ends.min() ?? 0) < 0.2 && (ends.max() ?? 0) < (bars.min() ?? 0))
  }

  @Test func `of many nodes name the slow one and say how many are not shown`() throws {
    let figure = ArrangementFigure(run: Self.runs[0], label: "")
    #expect(
      figure.remark
        == " Of 64 nodes the first 23 and the slowest are shown; 40 are not. Node 40 is the "
        + "slow one: it is busy 96.0 % of the time, half of the others at most 24.0 %.")
    let svg = figure.drawing(width: 900).svg
    #expect(svg.contains(">node 40</text>") && svg.contains(">node 22</text>"))
    #expect(!svg.contains(">node 23</text>") && svg.contains(">slow</text>"))
    var even = Self.runs[0]
    even.nodes = even.nodes.map { .init(node: $0.node, busySeconds: 1, waitingSeconds: 1) }
    #expect(
      ArrangementFigure(run: even, label: "").remark
        == " Of 64 nodes the first 24 are shown; 40 are not.")
    even.arrangement.timeline = Array(even.arrangement.timeline.prefix(3))
    #expect(ArrangementFigure(run: even, label: "").remark.isEmpty)
  }
}

@Suite struct `Stability against plasticity` {
  @Test(arguments: [
    ([0.99, 0.985], 0.9...1), ([0.44, 0.49], 0.42...0.52), ([0.13, 0.28, 0.72], 0.0...0.8),
    ([0.0], 0.0...0.1), ([1.0], 0.9...1.0), ([], 0.0...1.0), ([0.5, 0.7], 0.46...0.74),
  ])
  func `has axes that fit its points`(values: [Double], range: ClosedRange<Double>) {
    let found = TradeoffFigure.range(values)
    #expect(abs(found.lowerBound - range.lowerBound) < 1e-9)
    #expect(abs(found.upperBound - range.upperBound) < 1e-9)
  }

  @Test func `of two methods is no empty square`() throws {
    var runs = [sample("none"), sample("ewc")]
    (runs[0].learningAccuracy, runs[0].forgetting) = (0.99, 0.559)
    (runs[1].learningAccuracy, runs[1].forgetting) = (0.985, 0.507)
    let svg = try #require(TradeoffFigure(runs, labels: ["a", "b"]).drawing(width: 420)).svg
    let dots = svg.matches(of: /<circle cx="([0-9.]+)" cy="([0-9.]+)"/)
      .compactMap { match in Double(match.1).flatMap { x in Double(match.2).map { (x, $0) } } }
    // The points are as far apart as half of the figure is high.
    #expect(dots.count == 2 && abs(dots[0].1 - dots[1].1) > 60)
  }
}

@Suite struct `Bytes over time` {
  private func svg(_ change: (inout RunResult) -> Void = { _ in }) throws -> String {
    var run = sampleWithBytes()
    change(&run)
    return try #require(BytesOverTimeFigure(run: run, label: "x").drawing(width: 420)).svg
  }

  @Test func `are stacked by kind, with the tasks' ends marked`() throws {
    let svg = try svg()
    #expect(svg.components(separatedBy: "<polygon").count == 4)
    #expect(!svg.contains("importance") && svg.contains("push 1.10 kB, pull 2.20 kB, control 100"))
    let areas = svg.components(separatedBy: "<polygon points=\"").dropFirst().map {
      String($0.prefix { $0 != "\"" }).split(separator: " ").map {
        $0.split(separator: ",").compactMap { Double($0) }
      }
    }
    let bottom = try #require(areas[0].last?[1])
    // After the first bin 300 + 800 + 50 bytes, then without control, then push alone.
    let heights = areas.map { bottom - $0[1][1] }
    #expect(abs(heights[1] / heights[0] - 1_100 / 1_150) < 2e-2)
    #expect(abs(heights[2] / heights[0] - 300 / 1_150) < 2e-2)
    let last = areas.map { bottom - $0[3][1] }
    #expect(abs(last[2] / last[0] - 1_100 / 3_400) < 1e-2)
    #expect(areas.allSatisfy { $0[0] == [66, bottom] && $0[3][0] == 408 })
    // Task 0-1 ends after 6 of 12 rounds: half way.
    #expect(svg.contains("<line x1=\"237\""))
  }

  @Test func `know that rounds may hold several steps`() throws {
    #expect(
      try svg {
        $0.steps = 48
        $0.taskBoundaries = [.init(task: "0-1", step: 24)]
      }.contains("<line x1=\"237\""))
  }

  @Test func `are not drawn where nothing was recorded`() throws {
    #expect(BytesOverTimeFigure(run: sample(), label: "x").drawing(width: 420) == nil)
    let page = ReportPage([sampleWithBytes()]).html
    #expect(WellFormedness.flaw(in: page) == nil && page.contains("Bytes over time"))
    #expect(!ReportPage([sample()]).html.contains("Bytes over time"))
  }
}
