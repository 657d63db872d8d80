/// The part of a report that sets runs side by side.
struct ComparisonSection {
  let runs: [RunResult]
  let labels: [String]

  var html: String {
    "<section id=\"comparison\"><h2>Comparison</h2>\(table)<div class=\"grid\">\(figures)</div>"
      + "</section>"
  }

  private var table: String {
    let ranking = Ranking(runs)
    let columns: [(name: String, cells: [String], best: [Int])] = [
      ("ACC %", runs.map { Figures.percent($0.accuracy) }, ranking.best { $0.accuracy }),
      (
        "BWT", runs.map { PageParts.signed(Figures.signedPercent($0.backwardTransfer)) },
        ranking.best { $0.backwardTransfer }
      ),
      (
        "FWT", runs.map { PageParts.signed(Figures.signedPercent($0.forwardTransfer)) },
        ranking.best { $0.forwardTransfer }
      ),
      (
        "forgetting", runs.map { PageParts.signed(Figures.percent($0.forgetting)) },
        ranking.best({ $0.forgetting }, higherIsBetter: false)
      ),
      (
        "learning", runs.map { Figures.percent($0.learningAccuracy) },
        ranking.best { $0.learningAccuracy }
      ),
      (
        "intransigence", runs.map { PageParts.signed(Figures.percent($0.intransigence)) },
        ranking.best({ $0.intransigence }, higherIsBetter: false)
      ),
      ("pushed", runs.map { Figures.bytes($0.communication.push.framedBytes) }, []),
      ("pulled", runs.map { Figures.bytes($0.communication.pull.framedBytes) }, []),
      ("bytes, relative", relativeBytes, []),
      (timeName, runs.map { $0.seconds.map(Figures.seconds) ?? "none" }, []),
    ]
    var strong: Set<[Int]> = []
    for (place, column) in columns.enumerated() {
      for row in column.best { strong.insert([row, place + 1]) }
    }
    let page = PageTable(
      header: ["method"] + columns.map(\.name),
      rows: runs.indices.map { row in [labels[row]] + columns.map { $0.cells[row] } },
      notes: runs.map(ComparisonTable.remark), strong: strong)
    let marks = strong.isEmpty ? "" : "Marked: the best method; bounds do not count. "
    return page.html + "<p class=\"soft\">\(marks)Relative bytes: all framed bytes against those "
      + "of the first row.</p>" + CostTable(runs: runs, labels: labels).html
      + TransferView(runs, labels: labels).html
  }

  private var relativeBytes: [String] {
    let sent = runs.map { Double($0.communication.framedBytes) }
    return sent.map { Figures.ratio(sent[0] > 0 ? $0 / sent[0] : nil) }
  }

  private var timeName: String {
    runs.allSatisfy { $0.virtualSeconds != nil || !$0.hasClock } ? "virtual time" : "time"
  }

  private var figures: String {
    PageParts.figure(
      "ACC, BWT and forgetting",
      caption: "A long bar of ACC is good, and so are short ones of BWT to the left and of "
        + "forgetting. Pale: bounds, which see all tasks at once or have a network for each.",
      isWide: true
    ) { ComparisonFigure(runs: runs, labels: labels).drawing(width: $0) }
      + PageParts.figure(
        "Stability against plasticity",
        caption: "Right: tasks are learned well (learning accuracy). Up: they stay "
          + "(100 − forgetting). The best learner is in the upper right corner."
      ) { TradeoffFigure(runs, labels: labels).drawing(width: $0) }
      + PageParts.figure(
        "Where the time went",
        caption: "Seconds summed over the workers; waiting is for other workers, servers and the "
          + "wire."
      ) { width in
        runs.contains(where: \.hasClock)
          ? StackFigure.phases(runs, labels: labels).drawing(width: width) : nil
      }
      + PageParts.figure(
        "Bytes by kind", caption: "Counted at the sockets, both directions, with framing.",
        isWide: true
      ) { StackFigure.bytes(runs, labels: labels).drawing(width: $0) }
  }
}
