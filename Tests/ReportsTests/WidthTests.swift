import Testing

@testable import Reports

/// Numbers that follow from a seed.
private struct Draws: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 29) &* 0x9E37_79B9_7F4A_7C15
  }
}

/// Columns of a text's lines, without what sets colours.
private func widths(_ text: String) -> [Int] {
  text.replacing(/\u{1B}\[[0-9;]*m/, with: "").split(separator: "\n").map {
    String($0).columnCount
  }
}

@Suite struct `On a terminal of any width` {
  private static let words = [
    "ewc", "a", "−30.0", "communication", "λ", "0.5", "任务", "consolidation", "of", "every-step",
  ]

  private func words(_ count: ClosedRange<Int>, _ draws: inout Draws) -> String {
    (0..<Int.random(in: count, using: &draws)).map { _ in
      Self.words.randomElement(using: &draws) ?? ""
    }.joined(separator: " ")
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func `a table keeps to it and loses no cell`(seed: UInt64) {
    var draws = Draws(state: seed)
    for _ in 0..<20 {
      let columnCount = Int.random(in: 1...10, using: &draws)
      let keyCount = Int.random(in: 1...min(3, columnCount), using: &draws)
      let rowCount = Int.random(in: 0...5, using: &draws)
      let hasRemarks = columnCount > keyCount && Bool.random(using: &draws)
      let header = (0..<columnCount).map { column in
        hasRemarks && column == columnCount - 1 ? "" : words(1...3, &draws)
      }
      // Every figure is another one, so that none can stand for another.
      var number = 1_000
      let rows = (0..<rowCount).map { _ in
        (0..<columnCount).map { column -> String in
          if column < keyCount { return words(1...3, &draws) }
          if hasRemarks && column == columnCount - 1 { return words(0...8, &draws) }
          number += 1
          return "\(number).5 ± 0.5"
        }
      }
      let left = Set(0..<keyCount).union(hasRemarks ? [columnCount - 1] : [])
      let table = TextTable(
        title: words(0...12, &draws), header: header, rows: rows, leftColumns: left,
        keyCount: keyCount)
      let width = Int.random(in: 20...140, using: &draws)
      let hasUnicode = Bool.random(using: &draws)
      let style = TerminalStyle(colors: .full, width: width, hasUnicode: hasUnicode)
      let text = table.text(style)
      #expect(widths(text).allSatisfy { $0 <= width }, "\(width): \(text)")
      for (row, cells) in rows.enumerated() {
        for (column, cell) in cells.enumerated() {
          // A figure stands whole; words may stand in several lines.
          let parts = left.contains(column) ? cell.split(separator: " ").map(String.init) : [cell]
          for part in parts.map(style.drawable) {
            #expect(text.contains(part), "row \(row), column \(column): \(part) in \(text)")
          }
        }
      }
      for name in header.flatMap({ $0.split(separator: " ") }) where rowCount > 0 {
        #expect(text.contains(style.drawable(String(name))))
      }
    }
  }

  /// Compared runs with many tasks, long names, and remarks.
  private static let runs: [RunResult] = ["none", "online ewc", "joint"].map { method in
    var run = sampleWithBytes(method)
    run.taskNames = (1...12).map { "permutation number \($0)" }
    run.matrix = Array(repeating: Array(repeating: 0.456, count: 12), count: 13)
    run.tasksAtChance = Array(run.taskNames.prefix(4))
    run.communication.push.framedBytes = 682_350_000
    run.intransigence = -0.002
    (run.phases.train, run.phases.wait, run.wallSeconds) = (1.1, 6.3, 8)
    run.faults = ["worker 1 is lost: silent for longer than it may be, and nobody knows why"]
    return run
  }

  @Test(arguments: [80, 60, 40, 20], [false, true])
  func `a summary keeps to it`(width: Int, hasUnicode: Bool) {
    let style = TerminalStyle(colors: .palette, width: width, hasUnicode: hasUnicode)
    let text = Summary(Self.runs, style: style).text
    for line in text.split(separator: "\n") {
      #expect(widths(String(line)).allSatisfy { $0 <= width }, "\(line)")
    }
    for figure in ["45.6", "682.35 MB", "-0.2", "framing", "8.0 s", "1.1 s"] {
      #expect(text.contains(figure), "\(figure)")
    }
    // A task is told from the others by its number, as far as there is room for names at all.
    if width >= 60 { #expect(text.contains("ber 12") && text.contains("ber 11")) }
    if width >= 40 {
      #expect(text.matches(of: /4 of 12 tasks at chance/).count == 2)
    }
  }

  @Test func `what is no terminal has no limit`() {
    let style = TerminalStyle(isTerminal: false, width: 40, environment: [:])
    let lines = Summary(Self.runs, style: style).text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("method") && $0.hasSuffix("framing") })
    #expect(lines.contains { $0.hasSuffix("permutation…mber 12") || $0.contains("ber 12") })
    #expect(
      lines.contains { $0.contains("4 of 12 tasks at chance") && $0.contains("45.6") == false })
    #expect(TerminalStyle(isTerminal: true, width: 40, environment: [:]).width == 40)
  }

  @Test(arguments: 20...140)
  func `progress keeps to it`(width: Int) {
    for hasUnicode in [false, true] {
      let style = TerminalStyle(colors: nil, width: width, hasUnicode: hasUnicode)
      for (step, seconds, loss) in [(0, 0.0, nil), (999_999, 1e6, 1e9), (1_234_567, 3e5, 0.5)] {
        let line = ProgressLine(
          method: "online ewc", task: "λ of permutation number 12", taskNumber: 12, taskCount: 24,
          step: step, stepCount: 1_234_567, seconds: seconds, loss: loss, byteCount: 4_309_774_188)
        #expect(line.text(style).columnCount <= width)
      }
      var study = StudyProgress(.terminal, style: style, cellCount: 1_440, doneBefore: 720)
      let cells = ["none-rate0.1-seed3", "任务-λ0.5-seed1"]
      let text = study.show(running: cells, seconds: 5)
      #expect(
        text.dropFirst().prefix { $0 != "\u{1B}" }.reduce("") { $0 + String($1) }
          .columnCount <= width)
      let failure = study.fail(cells[1], reason: "worker 1 is lost, as has been said before")
      #expect(widths(failure.replacing("\r\u{1B}[K", with: "")).allSatisfy { $0 <= width })
    }
  }
}
