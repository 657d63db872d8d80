import Foundation
import Testing

@testable import Reports

@Suite struct `Page` {
  @Test(arguments: [
    "<p><b></p>", "<p>", "</p>", "<p></p></p>", "<p a=b></p>", "<p a=\"<\"></p>", "<p>&</p>",
    "<p>&nbsp;</p>", "<p>a > b & c</p>", "<p \"></p>", "<p", "<p a=\"b\"c=\"d\"></p>",
    "<p>\u{1B}</p>",
  ])
  func `a page that is not well-formed is found out`(text: String) {
    #expect(WellFormedness.flaw(in: text) != nil)
  }

  @Test func `a page that is well-formed passes`() {
    let text = "<!doctype html>\n<p a=\"b\" c-d=\"&lt;\">x &amp; &#39;<br/><b>y</b></p>\n"
    #expect(WellFormedness.flaw(in: text) == nil)
  }

  /// Runs as odd as they come.
  private static let odd: [(name: String, runs: [RunResult])] = {
    var empty = RunResult()
    empty.taskNames = ["only"]
    empty.matrix = [[nil], [nil]]
    var stopped = sample()
    stopped.status = "stopped"
    stopped.faults = ["worker 1 is lost & gone <b>"]
    stopped.matrix[2] = [nil, nil]
    (stopped.accuracy, stopped.forgetting) = (nil, nil)
    stopped.curve = []
    var wild = sample()
    wild.name = "</style></title><script>alert('x')</script>"
    wild.taskNames = ["'\"><img src=x>", "\u{0}\u{1B}]"]
    wild.command = "hebb --set 'a=<&>'"
    wild.accuracy = .nan
    wild.chance = .infinity
    wild.losses = [
      .init(step: 1, loss: .infinity), .init(step: 2, loss: 0), .init(step: 3, loss: 0),
    ]
    wild.diagnostics.boundaries[0].curvatureMaximum = .nan
    wild.diagnostics.boundaries[0].layers[0].mean = .infinity
    var many = sample()
    many.taskNames = (1...24).map { "permutation number \($0)" }
    many.matrix = Array(repeating: Array(repeating: 0.4, count: 24), count: 25)
    many.perWorker = []
    many.curve = [.init(step: 0, version: 0, accuracies: Array(repeating: 0.4, count: 24))]
    many.taskBoundaries = many.taskNames.enumerated().map { .init(task: $1, step: $0 + 1) }
    return [
      ("empty", [empty]), ("stopped", [stopped]), ("wild", [wild]), ("many tasks", [many]),
      ("none has ended", [stopped, stopped]), ("all", [sample(), empty, stopped, wild, many]),
      ("one method twice", [sample(), sample()]),
    ]
  }()

  @Test(arguments: 0..<7) func `is well-formed for odd runs too`(index: Int) {
    let (name, runs) = Self.odd[index]
    let page = ReportPage(runs).html
    #expect(WellFormedness.flaw(in: page) == nil, "\(name)")
    #expect(!page.contains("nan\"") && !page.contains("inf\"") && !page.contains("<img"))
    #expect(!page.contains("<script") && !page.contains("http"))
    _ = Summary(runs, style: TerminalStyle(hasColor: true, width: 20)).text
  }

  @Test func `loads nothing from anywhere`() {
    let page = ReportPage([sample("none"), sample()]).html
    for word in ["<script", "<link", "<iframe", "src=", "url(", "@import", "http", "onload"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("prefers-color-scheme:dark") && page.contains("width=device-width"))
  }

  @Test func `shows all that was promised`() {
    var run = sample()
    run.losses = [.init(step: 1, loss: 1), .init(step: 2, loss: 0.5)]
    let page = ReportPage([sample("none"), run]).html
    for title in [
      "Accuracy matrix R", "Forgetting curves", "Stability against plasticity",
      "Importance per layer", "Bytes by kind", "Where the time went", "Diagnostics",
      "Training loss", "The resolved experiment", "Repeat it",
    ] { #expect(page.contains(title), "\(title)") }
    #expect(page.contains("seed 7") && page.contains("hebb run --seed 7"))
    #expect(page.contains("untrained, task 0-1: 50.0 %"))
  }

  @Test func `shows bytes by task and kind beside their bound`() {
    let numbers = RunNumbers(sampleWithBytes()).bytes
    let cells = numbers.replacing("<tr>", with: "\n").replacing(/<[^>]*>/, with: " ")
      .split(separator: "\n").dropFirst().map { $0.split(separator: " ").joined(separator: " ") }
    #expect(cells[1] == "0-1 push 6 600 660 500 1.32")
    #expect(cells[2] == "0-1 pull 6 1,200 1,320 – –")
    #expect(cells[5] == "no task control 4 80 100 – –")
    #expect(cells[6] == "all push 10 1,000 1,100 813 1.354")
    // The bound of all is not known while that of a part is not.
    #expect(cells[9].hasPrefix("all together 24 3,080 3,400 – –"))
    #expect(RunNumbers(sample()).bytes.contains("1,100"))
  }

  @Test(arguments: [(100, false), (101, true)])
  func `shows the first of very many nodes and says so`(count: Int, isCut: Bool) {
    var run = sample()
    run.nodes = (0..<count).map { .init(node: "worker \($0)", busySeconds: 1, waitingSeconds: 1) }
    run.perWorker = (0..<count).map { rank in
      var worker = run.perWorker[0]
      worker.rank = rank
      return worker
    }
    for table in [RunNumbers(run).nodes, RunNumbers(run).workers] {
      #expect(table.contains("The first 100 of 101; all are in result.json.") == isCut)
      #expect(WellFormedness.flaw(in: table) == nil)
    }
    #expect(RunNumbers(run).nodes.contains("worker 99<"))
    #expect(!RunNumbers(run).nodes.contains("worker 100<"))
  }

  @Test func `sets the bytes of compared runs against the first`() {
    var runs = [sampleWithBytes("none"), sampleWithBytes("ewc"), sampleWithBytes("mas")]
    runs[1].communication.pull.framedBytes = 0
    runs[2].communication.push.framedBytes = 0
    runs[2].communication.pull.framedBytes = 0
    let page = ComparisonSection(runs: runs, labels: ["a", "b", "c"]).html
    // 3400, 1200 and 100 bytes.
    for cell in [">1<", ">1/2.8<", ">1/34<"] { #expect(page.contains(cell), "\(cell)") }
    #expect(page.contains("bytes, relative"))
  }

  @Test func `every link of the contents has its place`() {
    let page = ReportPage([sample("none"), sample()]).html
    let targets = page.components(separatedBy: "href=\"#").dropFirst().map {
      String($0.prefix { $0 != "\"" })
    }
    #expect(targets == ["top", "comparison", "run0", "run1", "repeat", "words"])
    for target in targets { #expect(page.contains("id=\"\(target)\""), "\(target)") }
  }

  @Test func `what scrolls can be reached by the keyboard and has a name`() {
    let page = ReportPage([sample("none"), sample()]).html
    let tables = page.components(separatedBy: "<div class=\"table\"").dropFirst()
    #expect(tables.count > 4)
    for table in tables {
      #expect(table.hasPrefix(" tabindex=\"0\" role=\"region\" aria-label=\"Table: "))
    }
    #expect(page.contains("class=\"tight\" tabindex=\"0\" role=\"region\" aria-label=\"Accuracy"))
    #expect(page.contains("no-repeat local") && page.contains("no-repeat scroll"))
  }

  @Test func `leads to the files that lie beside it, and to no others`() throws {
    let path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8)) a:b"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let methods = [sample("none"), sample("online ewc"), sample("ewc")]
    let folder = ResultFolder(path)
    let names = ["none", "ewc", "ewc-2"]
    for (name, run) in zip(names.map { "/\($0)" }, methods) {
      try FileManager.default.createDirectory(
        atPath: path + name, withIntermediateDirectories: true)
      try ResultFolder(path + name).write(run)
    }
    try folder.write(
      ResultJSON.encode(ComparisonResult(name: "c", runs: methods, folders: names)),
      to: "result.json")
    func links(_ page: String) -> [String] {
      page.matches(of: /<a href="([^#"]*)"/).map { String($0.1) }
    }
    let files = folder.files(of: methods)
    #expect(
      links(ReportPage(methods, files: files).html)
        == names.flatMap { method in
          ["experiment.yaml", "result.json", "matrix.csv"].map { "\(method)/\($0)" }
        } + ["result.json"])
    #expect(links(ReportPage(methods).html).isEmpty)
    // A page elsewhere, of one run: the way is part of the address.
    let alone = ResultFolder(path + "/none")
    var moved = PageFiles()
    moved.append(alone.files(of: [methods[0]]), at: alone.path(from: path + "/../x/y"))
    let name = URL(fileURLWithPath: path).lastPathComponent
      .replacingOccurrences(of: " ", with: "%20").replacingOccurrences(of: ":", with: "%3A")
    let page = ReportPage([methods[0]], files: moved).html
    #expect(links(page).first == "../../\(name)/none/experiment.yaml")
    #expect(page.contains(">matrix.csv</a>") && WellFormedness.flaw(in: page) == nil)
  }

  @Test func `runs are named by what tells them apart`() {
    var runs = [sample("none"), sample("ewc"), sample("ewc"), sample("ewc")]
    #expect(RunLabels.make(runs) == ["none", "ewc", "ewc (2)", "ewc (3)"])
    runs[2].seed = 8
    runs[3].workers = 4
    #expect(
      RunLabels.make(runs) == [
        "none", "ewc, 2 workers, seed 7", "ewc, 2 workers, seed 8", "ewc, 4 workers",
      ])
  }

  @Test func `does not promise the same bits where workers do not wait`() {
    var run = sample()
    #expect(ReportPage([run]).html.contains("gives the same bits"))
    run.consistency = "asp"
    #expect(ReportPage([run]).html.contains("not the same bits"))
  }
}

@Suite struct `The verdict` {
  private func verdict(_ runs: [RunResult]) -> String {
    Verdict(runs, labels: RunLabels.make(runs, name: RunLabels.title)).sentence
  }

  @Test func `compares the best method with the plain run`() {
    var runs = [sample("none"), sample("ewc"), sample("joint")]
    (runs[0].accuracy, runs[0].forgetting) = (0.5, 0.34)
    (runs[1].accuracy, runs[1].forgetting) = (0.83, 0.05)
    runs[2].accuracy = 0.97
    #expect(
      verdict(runs) == "EWC kept 83.0 % on average and forgot 5.0 points of each earlier task; the "
        + "plain run kept 50.0 % and forgot 34.0 points of each earlier task. Joint training, the "
        + "upper bound, reaches 97.0 %.")
    runs[1].accuracy = 0.503
    #expect(verdict(runs).hasPrefix("No method here did better than plain training"))
  }

  @Test func `tells of one run what it is`() {
    #expect(
      verdict([sample()])
        == "EWC ends at 70.0 % on average over its 2 tasks and forgot 30.0 points of each earlier "
        + "task.")
    var gain = sample("none")
    gain.forgetting = -0.02
    #expect(
      verdict([gain])
        == "Plain sequential training ends at 70.0 % on average over its 2 tasks and gained 2.0 "
        + "points on each earlier task.")
    gain.forgetting = 0.0001
    #expect(verdict([gain]).hasSuffix("and forgot nothing."))
  }

  @Test func `says that a run stopped, and why`() {
    var run = sample()
    run.status = "stopped"
    run.matrix[2] = [nil, nil]
    run.faults = ["worker 1 is lost"]
    #expect(verdict([run]) == "EWC stopped early, after 1 of 2 tasks: worker 1 is lost.")
    #expect(verdict([sample("none"), run]).hasSuffix("EWC stopped early: worker 1 is lost."))
  }
}

@Suite struct `Lie detectors` {
  private func marks(_ change: (inout RunResult.Diagnostics) -> Void) -> [DiagnosticChecks.Check] {
    var run = sample()
    run.diagnostics.strength = 2
    run.diagnostics.form = "gradient"
    var second = run.diagnostics.boundaries[0]
    second.penaltyGradientBefore = 0.5
    run.diagnostics.boundaries.append(second)
    change(&run.diagnostics)
    return DiagnosticChecks(run).all
  }

  @Test func `all are content with a healthy run`() {
    let checks = marks { _ in }
    #expect(checks.count == 6 && checks.allSatisfy { $0.mark == .good })
  }

  @Test func `tasks that end at the same weights say nothing about the penalty between them`() {
    func marks(_ versions: [Int?]) -> [DiagnosticChecks.Check.Mark] {
      self.marks {
        $0.boundaries.append($0.boundaries[1])
        $0.boundaries[1].penaltyGradientBefore = 0
        for (place, version) in versions.enumerated() { $0.boundaries[place].version = version }
      }.map(\.mark)
    }
    #expect(!marks([7, 7, 9]).contains(.bad))
    #expect(marks([7, 8, 9]).contains(.bad) && marks([nil, nil, nil]).contains(.bad))
  }

  @Test func `rows bear the tasks that were completed there, in whatever order`() throws {
    var run = sample()
    let names = ["first", "second"]
    run.taskNames = names
    run.taskBoundaries = names.enumerated().map { .init(task: $1, step: $0 + 1) }
    run.matrix = [[0.5, 0.5], [0.25, 0.75], [0.875, 0.625]]
    run.arrangement.taskOrder = [1, 0]
    #expect(run.rowName(1) == "after \(names[1])" && run.rowName(2) == "after \(names[0])")
    #expect(
      ResultFolder.csv(run).split(separator: "\n").dropFirst().map { String($0) }
        == ["untrained,0.5,0.5", "task \(names[1]),0.25,0.75", "task \(names[0]),0.875,0.625"])
    let figure = TradeoffFigure(tasksOf: run).drawing(width: 400)?.svg ?? ""
    #expect(figure.contains("\(names[1]): plasticity 75.0 %, stability 87.5 %"))
    #expect(!figure.contains("\(names[0]): plasticity"))
    let matrix = MatrixFigure(run: run, label: "", width: 400).drawing.svg
    // The framed cells are bold.
    let bold = matrix.matches(of: /cell k\d+ strong[^>]*>([^<]*)</).map { String($0.1) }
    #expect(bold == ["75.0", "87.5"])
  }

  @Test func `each one is found out`() {
    #expect(marks { $0.refusedMessages = 1 }[0].mark == .bad)
    #expect(marks { $0.duplicatePushes = 1 }[1].mark == .caution)
    #expect(marks { $0.boundaries[1].importanceSum = 0 }[2].mark == .bad)
    #expect(marks { $0.boundaries[1].importanceSum = .nan }[2].mark == .bad)
    #expect(marks { $0.boundaries[0].newestTermAtAnchor = 1e-9 }[3].mark == .bad)
    #expect(marks { $0.boundaries[0].newestTermAtAnchor = .nan }[3].mark == .bad)
    #expect(marks { $0.boundaries[1].penaltyGradientBefore = 0 }[4].mark == .bad)
    #expect(marks { $0.boundaries[1].penaltyGradientBefore = .nan }[4].mark == .bad)
    #expect(marks { $0.boundaries[1].divergingCoordinates = 3 }[5].mark == .caution)
    #expect(marks { $0.boundaries[1].curvatureMaximum = .infinity }[5].mark == .bad)
  }

  @Test func `what is chosen is no fault`() {
    #expect(marks { $0.strength = 0 }[4].found == "λ is 0")
    let proximal = marks {
      $0.form = "proximal"
      $0.boundaries[1].divergingCoordinates = 3
    }
    #expect(proximal[5].mark == .good)
  }
}
