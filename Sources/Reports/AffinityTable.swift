/// The matrices of `hebb affinity` and the orders that follow from them, in text.
public struct AffinityTable {
  private let result: AffinityResult

  /// - Parameter result: What was measured.
  public init(_ result: AffinityResult) { self.result = result }

  /// A table for each estimator, and lines for an experiment file.
  public func text(_ style: TerminalStyle) -> String {
    result.estimates.map { estimate in
      let names = result.names.map(printable)
      let table = TextTable(
        title: "\(estimate.by), \(result.among): \(estimate.meaning)", header: [""] + names,
        rows: zip(names, estimate.values).map { [$0] + $1.map(estimate.text) })
      guard let order = estimate.order else { return table.text(style) }
      let remark =
        "those that help each other least next to each other: "
        + order.map { names[$0] }.joined(separator: ", ")
      return table.text(style) + "stream.order: \(order)\n" + style.folded(remark, indent: 0) + "\n"
    }.joined(separator: "\n")
  }
}
