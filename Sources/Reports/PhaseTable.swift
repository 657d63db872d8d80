import Foundation

/// Where the workers' time went: a bar for each run.
struct PhaseTable {
  let runs: [RunResult]
  let labels: [String]

  func text(_ style: TerminalStyle) -> String {
    let names = labels.map { style.drawable(printable($0)) }
    let head = max(6, names.map(\.columnCount).max() ?? 0)
    let rates = runs.map(rate)
    let tail = rates.map(\.count).max() ?? 0
    let marks: [Character] = style.hasUnicode ? ["█", "▓", "▒", "░"] : ["#", "=", "-", "."]
    let legend = zip(marks, RunResult.Phases().named).map { "\($0) \($1.name)" }
    // Where a bar does not fit between the name and the rate, each has a line of its own.
    let room = style.width - head - tail - 4
    let (isBeside, width) = room >= 10 ? (true, min(40, room)) : (false, min(40, style.width - 2))
    let margin = String(repeating: " ", count: isBeside ? head + 2 : 2)
    func indented(_ pieces: [String], gap: String = " ") -> [String] {
      String.lines(of: pieces, gap: gap, width: style.width - margin.count).map { margin + $0 }
    }
    var lines = "Where the workers' time went".folded(to: style.width).map(style.bold)
    lines += indented(legend, gap: "  ").map(style.faint)
    for (index, run) in runs.enumerated() {
      let bar = Self.bar(run.phases.named.map(\.seconds), marks: marks, width: width)
      lines +=
        isBeside
        ? ["\(names[index].padded(to: head))  \(bar.padded(to: width))  \(rates[index])"]
        : names[index].folded(to: style.width) + [margin + bar] + indented([rates[index]])
      lines += indented(shares(run))
      if let slowest = run.slowestWorker { lines += indented([slowest]) }
    }
    return lines.map(\.trimmedAtEnd).joined(separator: "\n") + "\n"
  }

  private func rate(_ run: RunResult) -> String {
    guard let seconds = run.seconds else {
      return "\(Figures.count(run.steps)) steps, no virtual time (the clock is free)"
    }
    let speed = run.stepsPerSecond.flatMap(finite).map { String(format: ", %.0f/s", $0) } ?? ""
    return "\(Figures.count(run.steps)) steps in \(Figures.seconds(seconds))"
      + (run.virtualSeconds == nil ? "" : " (virtual)") + speed
  }

  /// Each with the comma after it.
  private func shares(_ run: RunResult) -> [String] {
    let total = run.phases.total
    guard total > 0, total.isFinite else { return ["no time recorded"] }
    let shares = run.phases.named.map {
      let share = String(format: "%.0f %%", 100 * $0.seconds / total)
      return "\($0.name) \(Figures.seconds($0.seconds)) \(share)"
    }
    return shares.dropLast().map { $0 + "," } + shares.suffix(1)
  }

  /// Marks in proportion, together exactly as many as the bar is wide; none without time.
  static func bar(_ amounts: [Double], marks: [Character], width: Int) -> String {
    let total = amounts.reduce(0, +)
    guard total > 0, total.isFinite else { return "" }
    var text = ""
    var sum = 0.0
    for (amount, mark) in zip(amounts, marks) {
      sum += amount
      let end = Int((sum / total * Double(width)).rounded())
      text += String(repeating: mark, count: max(0, end - text.count))
    }
    return text
  }
}
