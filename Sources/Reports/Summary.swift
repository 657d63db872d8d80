import Foundation

/// What the screen shows when runs are over: matrices, figures, bytes and time.
public struct Summary: Sendable {
  private let runs: [RunResult]
  private let style: TerminalStyle

  /// - Parameters:
  ///   - runs: At least one.
  ///   - style: What the terminal can show.
  public init(_ runs: [RunResult], style: TerminalStyle) {
    self.runs = runs
    self.style = style
  }

  /// All tables, each with an empty line before it.
  public var text: String {
    (runs.map { matrix(of: $0) } + [figures, costs, phases, notes]).filter { !$0.isEmpty }
      .map { "\n" + $0 }.joined()
  }

  // MARK: Matrix

  private func matrix(of run: RunResult) -> String {
    let names = run.taskNames.map { String($0.prefix(14)) }
    let width = max(7, (names.map(\.count).max() ?? 0) + 2)
    let label = max(11, (names.map(\.count).max() ?? 0) + 7)
    var lines = [
      style.bold("\(run.method): accuracy in % on each task (column) after each task (row)")
    ]
    lines.append(pad("", label) + names.map { lead($0, width) }.joined())
    for (index, row) in run.matrix.enumerated() where row.contains(where: { $0 != nil }) {
      let head = index == 0 ? "untrained" : "after \(names[index - 1])"
      let cells = row.enumerated().map { column, value -> String in
        let text = lead(Figures.percent(value) + " ", width)
        guard let value else { return text }
        return style.heat(column + 1 == index ? style.bold(text) : text, value)
      }
      lines.append(pad(head, label) + cells.joined())
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Tables

  private var figures: String {
    table(
      "Figures in % (ACC mean of the last row, BWT and FWT over T−1)",
      ["method", "ACC", "BWT", "FWT", "forgetting", "learning", "intransigence", ""],
      runs.map { run in
        [
          run.method, Figures.percent(run.accuracy), Figures.signedPercent(run.backwardTransfer),
          Figures.signedPercent(run.forwardTransfer), Figures.percent(run.forgetting),
          Figures.percent(run.learningAccuracy), Figures.percent(run.intransigence),
          remark(on: run),
        ]
      })
  }

  private func remark(on run: RunResult) -> String {
    if run.status != "complete" { return "stopped early" }
    if run.isBound { return "bound" }
    let count = run.tasksAtChance.count
    return count == 0 ? "" : "\(count) of \(run.taskNames.count) tasks at chance"
  }

  private var costs: String {
    table(
      "Bytes on the wire (framed) and time",
      ["method", "push", "pull", "importance", "control", "steps", "steps/s", "time"],
      runs.map { run in
        [run.method] + run.communication.kinds.map { Figures.bytes($0.bytes.framedBytes) } + [
          Figures.count(run.steps),
          run.stepsPerSecond.map { String(format: "%.0f", $0) } ?? "–",
          Figures.seconds(run.virtualSeconds ?? run.wallSeconds)
            + (run.virtualSeconds == nil ? "" : " (virtual)"),
        ]
      })
  }

  private var phases: String {
    table(
      "Where the workers' time went",
      ["method"] + RunResult.Phases().named.map(\.name),
      runs.map { run in
        let total = max(1e-12, run.phases.named.reduce(0) { $0 + $1.seconds })
        return [run.method]
          + run.phases.named.map { String(format: "%.0f %%", 100 * $0.seconds / total) }
      })
  }

  private var notes: String {
    let lines = runs.flatMap { run in
      (run.faults + run.diagnostics.notes).map { "\(run.method): \($0)" }
    }
    let limit =
      runs.contains { $0.scenario == "class" && !$0.isBound }
      ? [
        "penalty methods with one head over all classes are known to end near 1/T of the classes: "
          + "an expected limit, not an error"
      ] : []
    return (lines + limit).map { "note: \($0)\n" }.joined()
  }

  private func table(_ title: String, _ header: [String], _ rows: [[String]]) -> String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      cells.enumerated().map { column, cell -> String in
        if column == 0 { return pad(cell, widths[column]) }
        return header[column].isEmpty ? "  \(cell)" : lead(cell, widths[column] + 2)
      }.joined().trimmingCharacters(in: .whitespaces)
    }
    let body = rows.map(line).joined(separator: "\n")
    return "\(style.bold(title))\n\(style.faint(line(header)))\n\(body)\n"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func lead(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
