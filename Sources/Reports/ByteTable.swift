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
