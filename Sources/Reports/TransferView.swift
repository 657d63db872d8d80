import Metrics

/// Runs judged as transfer judges them: only the last task counts, and how much better it is
/// learned than by a model of its own.
///
/// Transfer and lifelong learning are the same run judged by another number: whoever transfers may
/// forget.
struct TransferView {
  /// What one run looks like so; fractions.
  struct Row: Hashable {
    /// R[T, T]: the last task, right after it.
    var last: Double?
    /// R[T, T] less what the independent model of that task reaches.
    var gain: Double?
    /// The mean over tasks of R[t, t] less what the independent model of that task reaches.
    var meanGain: Double?
  }

  let runs: [RunResult]
  let labels: [String]
  let rows: [Row]

  /// - Parameters:
  ///   - runs: Gains are against the first independent run of the same tasks among them.
  ///   - labels: A name for each.
  init(_ runs: [RunResult], labels: [String]) {
    self.runs = runs
    self.labels = labels
    rows = runs.map { run in
      guard !run.isTrainedTogether, let own = AccuracyMatrix(rows: finite(run.matrix)) else {
        return Row()
      }
      let fresh = runs.first { $0.role == .independent && $0.isComparable(to: run) }
        .flatMap { AccuracyMatrix(rows: finite($0.matrix)) }
      return Row(
        last: own.lastTaskAccuracy, gain: fresh.flatMap { own.lastTaskGain(over: $0) },
        meanGain: fresh.flatMap { own.learningGain(over: $0) })
    }
  }

  private static let names = ["last task R[T, T] %", "gain over fresh", "mean gain"]

  private func cells(_ index: Int) -> [String] {
    let (run, row) = (runs[index], rows[index])
    return [
      Figures.percent(row.last), Figures.signedPercent(row.gain),
      Figures.signedPercent(row.meanGain), Figures.percent(run.accuracy),
      Figures.signedPercent(run.backwardTransfer),
    ]
  }

  func text(_ style: TerminalStyle) -> String {
    TextTable(
      title: "Transfer view in % (only the last task counts) beside the lifelong one",
      header: ["method"] + Self.names + ["lifelong: ACC", "BWT"],
      rows: runs.indices.map { [printable(labels[$0])] + cells($0) }
    ).text(style)
  }

  /// For a page, under a heading of its own.
  var html: String {
    let table = PageTable(
      header: ["method"] + Self.names + ["lifelong: ACC %", "BWT"],
      rows: runs.indices.map { [labels[$0]] + cells($0).map(PageParts.signed) })
    return "<h3>Transfer view</h3>\(table.html)"
      + "<p class=\"soft\">\(escaped(Definitions.transferView))</p>"
  }
}
