/// What the screen shows when runs are over: matrices, figures, bytes and time.
public struct Summary: Sendable {
  private let runs: [RunResult]
  private let labels: [String]
  private let style: TerminalStyle

  /// - Parameters:
  ///   - runs: At least one.
  ///   - style: What the terminal can show.
  public init(_ runs: [RunResult], style: TerminalStyle) {
    let runs = RunResult.withIntransigence(runs)
    self.runs = runs
    labels = RunLabels.make(runs)
    self.style = style
  }

  /// All tables, each with an empty line before it.
  public var text: String {
    let matrices = runs.indices.map { index in
      MatrixTable(run: runs[index], label: labels[index]).text(style)
    }
    let tables = [
      ComparisonTable(runs: runs, labels: labels).text(style),
      ByteTable(runs: runs, labels: labels).text(style),
      CostTable(runs: runs, labels: labels).text(style),
      runs.count > 1 ? TransferView(runs, labels: labels).text(style) : "",
      PhaseTable(runs: runs, labels: labels).text(style), notes,
    ]
    return (matrices + tables).filter { !$0.isEmpty }.map { "\n" + $0 }.joined()
  }

  private var notes: String {
    var lines = runs.indices.flatMap { index in
      (runs[index].faults + runs[index].diagnostics.notes).map { "\(labels[index]): \($0)" }
    }
    lines += Remarks.onAll(runs)
    return lines.map { style.note($0) }.joined()
  }
}

/// Sentences that a reader needs to read the figures right.
enum Remarks {
  /// On the comparison as a whole.
  static func onAll(_ runs: [RunResult]) -> [String] {
    var sentences = [runs.compactMap(\.provenance).kernelRemark].compactMap(\.self)
    if !Ranking(runs).isFair {
      sentences.append(
        "these runs differ in their tasks or scenario, so none of them is called the best")
    }
    if runs.contains(where: { $0.scenario == "class" && !$0.isBound }) {
      sentences.append(
        "penalty methods with one head over all classes are known to end near 1/T of the classes: "
          + "an expected limit, not an error")
    }
    return sentences
  }
}
