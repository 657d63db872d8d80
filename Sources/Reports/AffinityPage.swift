/// The page of `hebb affinity`: one self-contained HTML file that needs no scripts and asks nothing
/// of any server. Equal results give equal bytes.
public struct AffinityPage: Sendable {
  private let result: AffinityResult

  /// - Parameter result: With at least one estimate.
  public init(_ result: AffinityResult) { self.result = result }

  /// The file's text. It is well-formed XML too, but for its first line.
  public var html: String {
    PageParts.page(
      title, contents: contents,
      main: """
        <header><p class="over">\(escaped(setting))</p><h1>\(escaped(title))</h1>
        <p class="lead">\(escaped(sentence))</p></header>
        \(result.estimates.map(section).joined(separator: "\n"))
        <section id="repeat"><h2>Repeat it</h2><p>The same command gives the same numbers with the \
        same kernel of the matrix library.</p>\(PageParts.copyable(result.command))
        \(PageParts.details("The experiment", PageParts.copyable(result.experiment)))</section>
        """)
  }

  private var title: String { "Affinity of \(result.among), \(result.name)".cut(to: 100) }

  private var setting: String {
    "\(result.names.count) \(result.among) · \(result.steps) steps in one process, a sample every "
      + "\(result.every) · \(result.examples) examples each · seed \(result.seed)"
  }

  private var sentence: String {
    "How much learning what a row names helps what a column names."
  }

  private var contents: String {
    let links = result.estimates.map { "<a href=\"#\(escaped($0.by))\">\(escaped($0.by))</a>" }
    return "<nav aria-label=\"Contents\"><b><a href=\"#top\">Hebb</a></b>\(links.joined())"
      + "<a href=\"#repeat\">Repeat it</a></nav>"
  }

  private func section(_ estimate: AffinityResult.Estimate) -> String {
    let figure = PageParts.figure(
      "Row for column",
      caption: estimate.meaning.first.map { first in
        first.uppercased() + estimate.meaning.dropFirst() + "."
      } ?? "", isWide: true, leastShare: 1
    ) { AffinityFigure(estimate, names: result.names, width: $0).drawing }
    return "<section id=\"\(escaped(estimate.by))\"><h2>By \(escaped(estimate.by))</h2>"
      + "<div class=\"grid\">\(figure)</div>\(order(of: estimate))</section>"
  }

  private func order(of estimate: AffinityResult.Estimate) -> String {
    guard let order = estimate.order else { return "" }
    let names = order.map { result.names[$0] }.joined(separator: ", ")
    return "<p>An order in which those that help each other least are neighbours: "
      + "\(escaped(names)).</p>" + PageParts.copyable("stream.order: \(order)")
  }
}
