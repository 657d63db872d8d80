import Foundation

/// What crossed the wire, by kind.
struct ByteTable {
  let runs: [RunResult]
  let labels: [String]

  func text(_ style: TerminalStyle) -> String {
    TextTable(
      title: "Bytes on the wire, with framing",
      header: ["method"] + RunResult.Communication().kinds.map(\.name)
        + ["together", "messages", "framing"],
      rows: runs.indices.map { index in
        let sent = runs[index].communication
        return [printable(labels[index])]
          + sent.kinds.map { Figures.bytes($0.bytes.framedBytes) }
          + [
            Figures.bytes(sent.framedBytes), Figures.count(sent.messages),
            Self.framing(sent.kinds.map(\.bytes)),
          ]
      }
    ).text(style)
  }

  /// The share of framing in what was sent.
  static func framing(_ parts: [RunResult.Bytes]) -> String {
    let framed = parts.reduce(0) { $0 + $1.framedBytes }
    guard framed > 0 else { return "–" }
    let share = 100 * Double(framed - parts.reduce(0) { $0 + $1.payloadBytes }) / Double(framed)
    return String(format: share < 1 ? "%.2f %%" : "%.0f %%", share)
  }
}

/// Where the workers' time went: a bar for each run.
struct PhaseTable {
  let runs: [RunResult]
  let labels: [String]

  func text(_ style: TerminalStyle) -> String {
    let head = max(6, labels.map { printable($0).count }.max() ?? 0)
    let rates = runs.map(rate)
    let tail = rates.map(\.count).max() ?? 0
    let width = max(10, min(40, style.width - head - tail - 4))
    let marks: [Character] = style.hasUnicode ? ["█", "▓", "▒", "░"] : ["#", "=", "-", "."]
    let legend = zip(marks, RunResult.Phases().named).map { "\($0) \($1.name)" }
    var lines = [
      style.bold("Where the workers' time went"),
      style.faint("".padded(to: head) + "  " + legend.joined(separator: "  ")),
    ]
    for (index, run) in runs.enumerated() {
      let bar = Self.bar(run.phases.named.map(\.seconds), marks: marks, width: width)
      lines.append(
        "\(printable(labels[index]).padded(to: head))  \(bar.padded(to: width))  \(rates[index])")
      lines.append("".padded(to: head + 2) + shares(run))
    }
    return style.drawable(lines.map(\.trimmedAtEnd).joined(separator: "\n") + "\n")
  }

  private func rate(_ run: RunResult) -> String {
    let speed = run.stepsPerSecond.flatMap(finite).map { String(format: ", %.0f/s", $0) } ?? ""
    return "\(Figures.count(run.steps)) steps in \(Figures.seconds(run.seconds))"
      + (run.virtualSeconds == nil ? "" : " (virtual)") + speed
  }

  private func shares(_ run: RunResult) -> String {
    let total = run.phases.total
    guard total > 0, total.isFinite else { return "no time recorded" }
    return run.phases.named.map {
      let share = String(format: "%.0f %%", 100 * $0.seconds / total)
      return "\($0.name) \(Figures.seconds($0.seconds)) \(share)"
    }.joined(separator: ", ")
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
