/// The figures of several methods side by side.
struct ComparisonTable {
  let runs: [RunResult]
  let labels: [String]

  func text(_ style: TerminalStyle) -> String {
    let ranking = Ranking(runs)
    let hasIntransigence = runs.contains { $0.intransigence != nil }
    var columns = [
      column("ACC", \.accuracy, best: ranking.best { $0.accuracy }),
      column("BWT", \.backwardTransfer, isSigned: true, best: ranking.best { $0.backwardTransfer }),
      column("FWT", \.forwardTransfer, isSigned: true, best: ranking.best { $0.forwardTransfer }),
      column(
        "forgetting", \.forgetting,
        best: ranking.best({ $0.forgetting }, higherIsBetter: false)),
      column("learning", \.learningAccuracy, best: ranking.best { $0.learningAccuracy }),
    ]
    if hasIntransigence {
      columns.append(
        column(
          "intransigence", \.intransigence,
          best: ranking.best({ $0.intransigence }, higherIsBetter: false)))
    }
    let isMarked = columns.contains { $0.cells.contains { $0.hasSuffix("*") } }
    let table = TextTable(
      title: "Figures in % (ACC mean of the last row, BWT and FWT over T−1"
        + (isMarked ? ", * best)" : ")"),
      header: ["method"] + columns.map(\.name) + [""],
      rows: runs.indices.map { index in
        [printable(labels[index])] + columns.map { $0.cells[index] } + [
          Self.remark(on: runs[index])
        ]
      },
      leftColumns: [0, columns.count + 1])
    return table.text(style)
  }

  /// What a reader has to know beside the figures.
  static func remark(on run: RunResult) -> String {
    if run.status != "complete" { return "stopped early" }
    if run.isBound { return "bound" }
    let count = run.tasksAtChance.count
    return count == 0 ? "" : "\(count) of \(run.taskNames.count) tasks at chance"
  }

  private func column(
    _ name: String, _ figure: KeyPath<RunResult, Double?>, isSigned: Bool = false, best: [Int]
  ) -> (name: String, cells: [String]) {
    let cells = runs.indices.map { index in
      let value = runs[index][keyPath: figure]
      let text = isSigned ? Figures.signedPercent(value) : Figures.percent(value)
      // The mark hangs to the right, so that the figures stay under one another.
      return text + (best.contains(index) ? "*" : best.isEmpty ? "" : " ")
    }
    return (best.isEmpty ? name : name + " ", cells)
  }
}
