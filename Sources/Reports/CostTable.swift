/// What methods cost in room, bytes and computing, a row a run.
struct CostTable {
  let runs: [RunResult]
  let labels: [String]

  /// Names of the columns after the first.
  static let names = [
    "kept at workers", "at servers", "at the coordinator", "sent", "example-gradients",
    "relative to plain",
  ]

  /// One of them in a sentence.
  static let remark =
    "Kept: when all was learned. Sent: bytes while training, without those that only measure. "
    + "Example-gradients: new, replayed and made examples, references, importance passes and "
    + "generators; an answer of a frozen network counts a third. Relative: to the examples of the "
    + "run's own stream."

  private static func cells(_ run: RunResult) -> [String] {
    let kept = run.kept.map { [$0.workers, $0.servers, $0.coordinator].map(Figures.bytes) }
    return (kept ?? ["–", "–", "–"]) + [
      Figures.bytes(run.communication.trainingBytes),
      run.work.map { Figures.count($0.exampleGradients) } ?? "–",
      run.work?.relative.map { Figures.short(($0 * 100).rounded() / 100) } ?? "–",
    ]
  }

  func text(_ style: TerminalStyle) -> String {
    TextTable(
      title: "What it cost", header: ["method"] + Self.names,
      rows: runs.indices.map { [printable(labels[$0])] + Self.cells(runs[$0]) }
    ).text(style)
  }

  /// For a page, under a heading of its own.
  var html: String {
    let table = PageTable(
      header: ["method"] + Self.names,
      rows: runs.indices.map { [labels[$0]] + Self.cells(runs[$0]) })
    return "<h3>What it cost</h3>\(table.html)<p class=\"soft\">\(escaped(Self.remark))</p>"
  }
}
