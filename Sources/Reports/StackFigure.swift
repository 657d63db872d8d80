/// Stacked horizontal bars with one scale, each under its own line of text.
struct StackFigure {
  struct Part {
    let name: String
    let amount: Double
    /// The amount in words.
    let text: String
    /// Class of the style sheet.
    let css: String
  }

  struct Bar {
    let name: String
    /// At the right end of the line.
    let note: String
    let parts: [Part]
  }

  let title: String
  let summary: String
  let bars: [Bar]

  func drawing(width: Double) -> Drawing {
    let rowHeight = 50.0
    let amounts = bars.map { bar in bar.parts.reduce(0) { $0 + max(0, $1.amount) } }
    let scale = Axis(values: 0...max(1e-12, amounts.max() ?? 0), from: 0, to: width)
    let items = (bars.first?.parts ?? []).map { (name: $0.name, css: $0.css) }
    let legend = Drawing.legendHeight(items.map(\.name), x: 0, width: width)
    var drawing = Drawing(
      width: width, height: legend + 8 + rowHeight * Double(bars.count), title: title,
      summary: summary)
    drawing.legend(items, x: 0, y: 0)
    for (index, bar) in bars.enumerated() {
      let y = legend + 8 + rowHeight * Double(index)
      drawing.text(
        Lettering.fitted(bar.name, width - Lettering.width(bar.note) - 8), 0, y + 13,
        css: "label dark")
      drawing.text(bar.note, width, y + 13, .end)
      var sum = 0.0
      for part in bar.parts where part.amount > 0 {
        let (from, to) = (scale(sum), scale(sum + part.amount))
        drawing.rectangle(
          from, y + 19, max(1.5, to - from), 22, css: part.css, hint: "\(part.name): \(part.text)")
        if to - from > Lettering.width(part.text) + 8 {
          drawing.text(part.text, (from + to) / 2, y + 34, .middle, css: "on")
        }
        sum += part.amount
      }
    }
    return drawing
  }
}

extension StackFigure {
  /// Bytes by kind, a bar for each run.
  static func bytes(_ runs: [RunResult], labels: [String]) -> StackFigure {
    StackFigure(
      title: "Bytes by kind", summary: "Framed bytes of each run, by kind.",
      bars: runs.indices.map { index in
        let sent = runs[index].communication
        return Bar(
          name: labels[index],
          note: "\(Figures.bytes(sent.framedBytes)) in \(Figures.count(sent.messages)) messages",
          parts: sent.kinds.enumerated().map { place, kind in
            Part(
              name: kind.name, amount: Double(kind.bytes.framedBytes),
              text: Figures.bytes(kind.bytes.framedBytes), css: "fill \(series(place))")
          })
      })
  }

  /// Payload and framing of one run, a bar for each kind.
  static func framing(_ run: RunResult, label: String) -> StackFigure {
    StackFigure(
      title: "Payload and framing, \(label)", summary: "Bytes of each kind of message.",
      bars: run.communication.kinds.map { kind in
        let bytes = kind.bytes
        let framing = max(0, bytes.framedBytes - bytes.payloadBytes)
        return Bar(
          name: kind.name,
          note: bytes.messages == 0
            ? "none"
            : "\(Figures.bytes(bytes.framedBytes)) · \(Figures.count(bytes.messages)) msg · "
              + "framing \(ByteTable.framing([bytes]))",
          parts: [
            Part(
              name: "payload", amount: Double(bytes.payloadBytes),
              text: Figures.bytes(bytes.payloadBytes), css: "fill s0"),
            Part(
              name: "framing", amount: Double(framing), text: Figures.bytes(framing),
              css: "fill s4"),
          ])
      })
  }

  /// Seconds by phase, a bar for each run.
  static func phases(_ runs: [RunResult], labels: [String]) -> StackFigure {
    StackFigure(
      title: "Where the workers' time went", summary: "Seconds by phase, summed over the workers.",
      bars: runs.indices.map { index in
        let run = runs[index]
        return Bar(
          name: labels[index], note: Figures.seconds(run.phases.total),
          parts: run.phases.named.enumerated().map { place, phase in
            Part(
              name: phase.name, amount: finite(phase.seconds) ?? 0,
              text: Figures.seconds(phase.seconds), css: "fill \(series(place))")
          })
      })
  }
}
