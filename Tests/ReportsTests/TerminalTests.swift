import Testing

@testable import Reports

@Suite struct `Terminal` {
  private let plain = TerminalStyle(hasColor: false, width: 80)

  @Test func `the matrix is this table`() {
    #expect(
      MatrixTable(run: sample(), label: "ewc").text(plain) == """
        ewc: accuracy in % on each task (column) after each task (row)
                       0-1  a,"b"
        untrained    50.0   25.0
        after 0-1    90.0   50.0
        after a,"b"  60.0   80.0

        """)
  }

  @Test func `rows that were not measured are left out and cells are dashes`() {
    var run = sample()
    run.matrix[1] = [nil, nil]
    run.matrix[2] = [nil, 0.8]
    let lines = MatrixTable(run: run, label: "ewc").text(plain).split(separator: "\n")
    #expect(lines.count == 4 && lines[3] == "after a,\"b\"     –   80.0")
  }

  @Test func `a row after all tasks together is called that`() {
    var run = sample("joint")
    run.taskBoundaries = [.init(task: "all tasks", step: 10)]
    run.matrix[1] = [nil, nil]
    let text = MatrixTable(run: run, label: "joint").text(plain)
    #expect(text.contains("after all tasks") && !text.contains("after a,"))
    #expect(!MatrixFigure(run: run, label: "joint", width: 420).drawing.svg.contains("\"own\""))
    #expect(MatrixFigure(run: sample(), label: "", width: 420).drawing.svg.contains("\"own\""))
  }

  @Test func `tasks beyond the width continue below`() {
    var run = sample()
    run.taskNames = (1...20).map { "task \($0)" }
    run.matrix = Array(repeating: Array(repeating: 0.5, count: 20), count: 21)
    let text = MatrixTable(run: run, label: "ewc").text(plain)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(text.contains("task 20") && text.split(separator: "\n").count == 1 + 3 * 22)
  }

  @Test func `the comparison marks the best method but not a bound or a tie`() {
    var runs = [sample("none"), sample("ewc"), sample("joint")]
    runs[0].accuracy = 0.55
    runs[0].tasksAtChance = ["0-1"]
    runs[2].accuracy = 0.99
    let labels = RunLabels.make(runs)
    #expect(
      ComparisonTable(runs: runs, labels: labels).text(plain) == """
        Figures in % (ACC mean of the last row, BWT and FWT over T−1, * best)
        method   ACC     BWT  FWT  forgetting  learning
        none    55.0   -30.0    –        30.0      85.0  1 of 2 tasks at chance
        ewc     70.0*  -30.0    –        30.0      85.0
        joint   99.0   -30.0    –        30.0      85.0  bound

        """)
  }

  @Test func `runs of different tasks are not ranked`() {
    var runs = [sample("none"), sample("ewc")]
    runs[1].accuracy = 0.9
    #expect(Ranking(runs).best { $0.accuracy } == [1])
    runs[1].scenario = "class"
    #expect(Ranking(runs).best { $0.accuracy }.isEmpty)
    let wide = TerminalStyle(hasColor: false, width: 200)
    #expect(Summary(runs, style: wide).text.contains("none of them is called the best"))
  }

  @Test func `a run that stopped cannot be the best`() {
    var runs = [sample("none"), sample("ewc"), sample("si")]
    runs[1].accuracy = 0.9
    runs[1].status = "stopped"
    runs[2].accuracy = 0.8
    #expect(Ranking(runs).best { $0.accuracy } == [2])
    #expect(ComparisonTable.remark(on: runs[1]) == "stopped early")
  }

  @Test func `bytes are this table`() {
    #expect(
      ByteTable(runs: [sample()], labels: ["ewc"])
        .text(TerminalStyle(hasColor: false, width: 83)) == """
          Bytes on the wire, with framing
          method     push  pull  importance  control  evaluation  together  messages  framing
          ewc     1.10 kB   0 B         0 B      0 B         0 B   1.10 kB        10      9 %

          """)
  }

  @Test func `columns that do not fit continue below, with the names of the rows`() {
    #expect(
      ByteTable(runs: [sample(), sample("mas")], labels: ["ewc", "mas"]).text(plain) == """
        Bytes on the wire, with framing
        method     push  pull  importance  control  evaluation  together  messages
        ewc     1.10 kB   0 B         0 B      0 B         0 B   1.10 kB        10
        mas     1.10 kB   0 B         0 B      0 B         0 B   1.10 kB        10

        method  framing
        ewc         9 %
        mas         9 %

        """)
  }

  @Test func `a remark that does not fit stands under its row`() {
    var run = sample("none")
    run.tasksAtChance = ["0-1"]
    #expect(
      ComparisonTable(runs: [run, sample("mas")], labels: ["none", "mas"])
        .text(TerminalStyle(hasColor: false, width: 60)) == """
          Figures in % (ACC mean of the last row, BWT and FWT over
          T−1)
          method   ACC    BWT  FWT  forgetting  learning
          none    70.0  -30.0    –        30.0      85.0
                  1 of 2 tasks at chance
          mas     70.0  -30.0    –        30.0      85.0

          """)
  }

  @Test func `headings take two lines where that saves columns`() {
    let table = TextTable(
      header: ["what", "first all", "second of all"], rows: [["a", "1.5", "−2.5 ± 0.5"]])
    #expect(
      table.text(TerminalStyle(hasColor: false, width: 24)) == """
              first   second of
        what    all         all
        a       1.5  −2.5 ± 0.5

        """)
    // Where no two columns fit, a row is a list.
    let narrow = TextTable(
      header: ["what", "first of all", "second"],
      rows: [["round trip, 100000 floats", "0.615 ms", ""], ["b", "−2.5 ± 0.5", "≥ 2"]])
    #expect(
      narrow.text(TerminalStyle(hasColor: false, width: 26)) == """
        what
        round trip, 100000 floats
          first of all  0.615 ms
        b
          first of all  −2.5 ± 0.5
          second        ≥ 2

        """)
  }

  @Test func `names that begin alike keep their ends`() {
    let names = ["permutation 1", "permutation 12", "plain"]
    #expect(String.shortened(names, to: 8) == ["per…on 1", "per…n 12", "plain"])
    #expect(String.shortened(["forward pass", "b"], to: 8) == ["forward…", "b"])
  }

  @Test func `time is a bar in proportion`() {
    #expect(PhaseTable.bar([1, 0, 1, 2], marks: ["a", "b", "c", "d"], width: 8) == "aaccdddd")
    #expect(PhaseTable.bar([0, 0], marks: ["a", "b"], width: 8).isEmpty)
    #expect(PhaseTable.bar([.nan, 1], marks: ["a", "b"], width: 8).isEmpty)
    var run = sample()
    run.phases.train = 3
    run.phases.wait = 1
    run.wallSeconds = 2
    run.steps = 4_321
    let ascii = TerminalStyle(colors: nil, width: 60, hasUnicode: false)
    let text = PhaseTable(runs: [run], labels: ["ewc"]).text(ascii)
    #expect(text.contains("4,321 steps in 2.0 s") && text.contains("train 3.0 s 75 %"))
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test func `a straggler is named beside the time of all workers`() {
    var run = sample()
    func text() -> String { PhaseTable(runs: [run], labels: ["ewc"]).text(plain) }
    run.nodes = [1.0, 0.25, 0.25].enumerated().map {
      .init(node: "worker \($0.offset)", busySeconds: $0.element, waitingSeconds: 4)
    }
    run.nodes.append(.init(node: "server 0", busySeconds: 9, waitingSeconds: 0))
    #expect(text().contains("worker 0 worked 1.0 s, 4.0 times the median of the workers"))
    run.nodes[0].busySeconds = 0.3
    #expect(!text().contains("times the median"))
  }

  @Test func `a free clock has no time to tell, and says so`() {
    var run = sample()
    (run.mode, run.steps, run.wallSeconds) = ("simulation", 30, 2)
    #expect(!run.hasClock)
    let text = PhaseTable(runs: [run], labels: ["ewc"]).text(plain)
    #expect(text.contains("30 steps, no virtual time (the clock is free)"))
    let page = ReportPage([run, run]).html
    #expect(page.contains("the clock was free") && !page.contains("Where the time went"))
    run.virtualSeconds = 3
    #expect(PhaseTable(runs: [run], labels: ["ewc"]).text(plain).contains("in 3.0 s (virtual)"))
    #expect(ReportPage([run]).html.contains("Where the time went"))
  }

  @Test func `names of others cannot move the cursor`() {
    var run = sample("e\u{1B}[2Jwc")
    run.taskNames[0] = "\u{9B}31m\r\u{202E}"
    run.faults = ["lost\u{7}"]
    let text = Summary([run], style: plain).text
    let controls = text.unicodeScalars.filter {
      $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(controls.isEmpty && text.contains("e?[2Jwc") && text.contains("note: e?[2Jwc: lost?"))
  }

  @Test func `without Unicode all is ASCII`() {
    var run = sample()
    run.taskNames[0] = "tâche"
    let style = TerminalStyle(colors: nil, width: 80, hasUnicode: false)
    let text = Summary([run, sample("none")], style: style).text
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test func `the environment decides on colours`() {
    func style(_ isTerminal: Bool, _ environment: [String: String]) -> TerminalStyle {
      TerminalStyle(isTerminal: isTerminal, width: 80, environment: environment)
    }
    #expect(style(true, [:]).colors == .palette)
    #expect(style(true, ["COLORTERM": "truecolor"]).colors == .full)
    #expect(style(false, ["COLORTERM": "truecolor"]).colors == nil)
    #expect(style(true, ["NO_COLOR": "1"]).colors == nil)
    #expect(style(true, ["NO_COLOR": ""]).colors == .palette)
    #expect(style(true, ["TERM": "dumb"]).colors == nil)
    #expect(!style(true, ["LC_ALL": "C", "LANG": "en_GB.UTF-8"]).hasUnicode)
    #expect(style(true, ["LC_ALL": "", "LANG": "en_GB.UTF-8"]).hasUnicode)
  }

  @Test func `256 colours are those of the cube`() {
    #expect(Color(0, 0, 0).paletteIndex == 16 && Color(255, 255, 255).paletteIndex == 231)
    #expect(Color(90, 180, 250).paletteIndex == 16 + 36 * 1 + 6 * 3 + 5)
    let text = TerminalStyle(colors: .palette, width: 80).heat("x", 1, isBold: true)
    // Of yellow (253, 231, 37), 231 is nearer to 215 than to 255: (5, 4, 0) in the cube, 220.
    #expect(text == "\u{1B}[1;48;5;220;38;5;16mx\u{1B}[0m")
  }

  @Test func `numbers at the edges of their units`() {
    #expect(Figures.bytes(999_994) == "999.99 kB" && Figures.bytes(999_999) == "1.00 MB")
    #expect(Figures.bytes(0) == "0 B" && Figures.bytes(4_309_774_188) == "4.31 GB")
    #expect(Figures.seconds(0) == "0 s" && Figures.seconds(0.9999) == "1.0 s")
    #expect(Figures.seconds(99.99) == "1 min 40 s" && Figures.seconds(3_599.7) == "1 h 00 min")
    #expect(Figures.seconds(.nan) == "–" && Figures.seconds(.infinity) == "–")
    #expect(Figures.percent(-0.00001) == "0.0" && Figures.signedPercent(-0.00001) == "+0.0")
    #expect(Figures.percent(.nan) == "–" && Figures.signedPercent(.infinity) == "–")
    #expect(Figures.count(-1_000) == "-1,000")
  }
}

@Suite struct `Progress` {
  private func line(_ step: Int, seconds: Double = 0.5, loss: Double? = 0.25) -> ProgressLine {
    ProgressLine(
      method: "ewc", task: "0-1", taskNumber: 1, taskCount: 5, step: step, stepCount: 200,
      seconds: seconds, loss: loss)
  }

  @Test func `a line is this text`() {
    // 28 columns for the name, 7 for the steps and 43 for figures leave 19 for the bar, of which a
    // quarter is done.
    #expect(
      line(50).text(.init(hasColor: false, width: 100))
        == "ewc · task 1/5 0-1" + String(repeating: " ", count: 11)
        + String(repeating: "█", count: 4) + "▊" + String(repeating: "░", count: 14)
        + "  50/200 · 100/s · 1.5 s left · loss 0.250")
    // 18 and 7, and 19 for the time alone, leave 13 of 60.
    #expect(
      line(0, seconds: 0, loss: .nan).text(.init(colors: nil, width: 60, hasUnicode: false))
        == "ewc | task 1/5 0-1 .............   0/200 | 0 s")
  }

  @Test(arguments: [40, 60, 80, 100, 120, 1_000])
  func `a bar never changes its length, whatever is known`(width: Int) {
    let style = TerminalStyle(hasColor: false, width: width)
    var lengths: Set<Int> = []
    for step in 0...200 {
      for (loss, byteCount) in [(nil, 0), (0.5, 0), (nil, 733_540_000), (12.25, 1)] {
        let text = ProgressLine(
          method: "ewc", task: "0-1", taskNumber: 1, taskCount: 5, step: step, stepCount: 200,
          seconds: Double(step) / 3, loss: loss, byteCount: byteCount
        ).text(style)
        let bar = text.filter { "█▏▎▍▌▋▊▉░".contains($0) }
        let filled = Int(Double(step) / 200 * Double(bar.count) * 8) / 8
        #expect(bar.filter { $0 == "█" }.count == filled)
        #expect(text.count <= width)
        lengths.insert(bar.count)
      }
    }
    #expect(lengths.count == 1 && (lengths.first ?? 0) >= 8)
  }

  @Test func `a line on a finished task does not tell what was last heard of its bytes`() {
    func text(_ step: Int) -> String {
      ProgressLine(
        method: "ewc", task: "0-1", taskNumber: 1, taskCount: 5, step: step, stepCount: 200,
        seconds: 1, loss: nil, byteCount: 5_000_000
      ).text(.init(hasColor: false, width: 120))
    }
    #expect(
      text(100).hasSuffix(" · 5.00 MB") && text(200).hasSuffix("200/200 steps · 200/s · 1.0 s"))
  }

  @Test func `a terminal is redrawn ten times a second and keeps a line for each task`() {
    let style = TerminalStyle(hasColor: true, width: 100)
    var display = ProgressDisplay(.terminal, style: style)
    #expect(display.show(line(1), atSeconds: 5) == "\r\(line(1).text(style))\u{1B}[K")
    #expect(display.show(line(2), atSeconds: 5.09).isEmpty)
    #expect(display.show(line(3), atSeconds: 5.125) == "\r\(line(3).text(style))\u{1B}[K")
    #expect(display.finishTask(line(200)) == "\r\(line(200).text(style))\u{1B}[K\n")
    #expect(display.end().isEmpty)
    // The next task is drawn at once.
    #expect(!display.show(line(1), atSeconds: 5.13).isEmpty)
    #expect(display.end() == "\n" && display.end().isEmpty)
  }

  @Test func `nobody is shown nothing`() {
    var display = ProgressDisplay(.nobody, style: TerminalStyle(hasColor: true, width: 100))
    #expect(display.show(line(1), atSeconds: 0).isEmpty && display.finishTask(line(200)).isEmpty)
    #expect(display.end().isEmpty)
  }
}
