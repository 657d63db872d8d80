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
