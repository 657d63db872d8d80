/// The page of one run, or of several compared: one self-contained HTML file that needs no scripts
/// and asks nothing of any server.
public struct ReportPage: Sendable {
  private let runs: [RunResult]
  private let labels: [String]
  private let files: PageFiles

  /// - Parameters:
  ///   - runs: At least one.
  ///   - files: What lies beside the page.
  public init(_ runs: [RunResult], files: PageFiles = PageFiles()) {
    precondition(!runs.isEmpty, "a report shows at least one run")
    let runs = RunResult.withIntransigence(runs)
    self.runs = runs
    self.files = files
    labels = RunLabels.make(runs, name: RunLabels.title)
  }

  /// The file's text. It is well-formed XML too, but for its first line.
  public var html: String {
    let sections = runs.indices.map { index in
      RunSection(
        run: runs[index], label: labels[index], index: index, files: files.ofRun(index)
      ).html
    }
    return PageParts.page(
      title, contents: contents,
      main: """
        <header><p class="over">\(escaped(setting))</p><h1>\(escaped(title))</h1>
        <p class="lead">\(escaped(Verdict(runs, labels: labels).sentence))</p>
        <div class="tiles">\(tiles)</div>\(remarks)</header>
        \(comparison)
        \(sections.joined(separator: "\n"))
        \(repetition)
        <section id="words"><h2>What the words mean</h2>\(Definitions.html)</section>
        \(runs.compactMap(\.provenance).html)
        """)
  }

  private var title: String {
    var names: [String] = []
    for run in runs where !names.contains(run.name) { names.append(run.name) }
    return names.joined(separator: ", ").cut(to: 80)
  }

  private var setting: String {
    let run = runs[0]
    func shared<Value: Equatable>(_ value: (RunResult) -> Value, _ words: String) -> String? {
      runs.allSatisfy { value($0) == value(run) } ? words : nil
    }
    return [
      shared({ $0.scenario }, "\(run.scenario)-incremental"),
      shared({ $0.taskNames.count }, "\(run.taskNames.count) tasks"),
      shared({ $0.workers }, run.workers == 1 ? "1 worker" : "\(run.workers) workers"),
      shared({ $0.servers }, run.servers == 1 ? "1 server" : "\(run.servers) servers"),
      shared({ $0.consistency }, run.consistency), shared({ $0.mode }, run.mode),
      shared({ $0.seed }, "seed \(run.seed)"),
    ].compactMap { $0 }.joined(separator: " · ")
  }

  private var contents: String {
    let links = labels.enumerated().map { index, label in
      "<a href=\"#run\(index)\">\(escaped(label))</a>"
    }
    let comparison = runs.count > 1 ? "<a href=\"#comparison\">Comparison</a>" : ""
    return "<nav aria-label=\"Contents\"><b><a href=\"#top\">Hebb</a></b>\(comparison)"
      + "\(links.joined())<a href=\"#repeat\">Repeat it</a><a href=\"#words\">Words</a></nav>"
  }

  private var remarks: String {
    Remarks.onAll(runs).map { "<p class=\"remark\">\(escaped(RunSection.sentence($0)))</p>" }
      .joined()
  }

  private var tiles: String {
    let best = Ranking(runs).best { $0.accuracy }.first
    let shown = runs.count == 1 ? runs[0] : best.map { runs[$0] }
    let whose = runs.count == 1 ? "" : best.map { ", \(labels[$0])" } ?? ""
    var tiles: [String] = []
    if let shown {
      tiles += [
        PageParts.tile(Figures.percent(shown.accuracy) + " %", "average accuracy, ACC\(whose)"),
        PageParts.tile(
          PageParts.signed(Figures.signedPercent(shown.backwardTransfer)),
          "backward transfer, BWT\(whose)"),
        PageParts.tile(
          Figures.percent(shown.learningAccuracy) + " %", "accuracy when just learned\(whose)"),
      ]
    }
    if let chance = runs[0].chance, runs.allSatisfy({ $0.chance == chance }) {
      tiles.append(PageParts.tile(Figures.percent(chance) + " %", "chance level"))
    }
    let bytes = runs.reduce(0) { $0 + $1.communication.framedBytes }
    let seconds = runs.reduce(0) { $0 + $1.wallSeconds }
    let together = runs.count > 1 ? ", all runs" : ""
    tiles += [
      PageParts.tile(Figures.bytes(bytes), "on the wire\(together)"),
      PageParts.tile(Figures.seconds(seconds), "wall time\(together)"),
    ]
    return tiles.joined()
  }

  private var comparison: String {
    guard runs.count > 1 else { return "" }
    return ComparisonSection(runs: runs, labels: labels).html
  }

  private var repetition: String {
    let commands = runs.indices.map { index in
      let run = runs[index]
      let hash = run.weightsSha256.map { ", final weights \($0.prefix(16))…" } ?? ""
      return "<p class=\"soft\"><strong>\(escaped(labels[index]))</strong>, seed \(run.seed)"
        + "\(escaped(hash))</p>"
        + (run.command.isEmpty ? "" : PageParts.copyable(run.command))
    }
    let isExact = runs.allSatisfy {
      $0.isRepeatable ?? ($0.consistency == "bsp" || $0.mode == "simulation")
    }
    let promise =
      isExact
      ? "The same command gives the same bits with the same kernel of the matrix library."
      : "Workers that do not wait for one another take turns as they come, so a repetition gives "
        + "similar figures but not the same bits."
    return
      "<section id=\"repeat\"><h2>Repeat it</h2><p>\(promise)</p>\(commands.joined())"
      + PageParts.links("Files of all runs", files.shared) + "</section>"
  }
}
