import Metrics

/// The page of a study: one self-contained HTML file that needs no scripts and asks nothing of any
/// server. Equal results give equal bytes.
public struct StudyPage: Sendable {
  private let study: StudyResult

  /// - Parameter study: With at least one cell.
  public init(_ study: StudyResult) {
    precondition(!study.cells.isEmpty, "a study has at least one cell")
    self.study = study
  }

  /// The file's text. It is well-formed XML too, but for its first line.
  public var html: String {
    PageParts.page(
      title, contents: contents,
      main: """
        <header><p class="over">\(escaped(setting))</p><h1>\(escaped(title))</h1>
        <p class="lead">\(escaped(sentence))</p></header>
        <section id="figures"><h2>Figures</h2>
        <p class="soft">Means over seeds with 95 % intervals (Student's t). n is the number of \
        runs; a single run has no interval. ACC and forgetting are in %, BWT in points.</p>
        \(table)</section>
        \(comparison)
        \(plots)
        \(repetition)
        <section id="words"><h2>What the words mean</h2>\(Definitions.html)</section>
        \(study.cells.compactMap(\.provenance).html)
        """)
  }

  /// Each plot as an SVG file of its own; `nil` where there is nothing to draw.
  public var pictures: [String?] {
    study.plots.map { StudyPlotFigure($0, of: study).drawing(width: 720)?.file }
  }

  private var title: String { study.title.cut(to: 120) }

  private var setting: String {
    let axes = study.axes.map { axis in
      axis.values.count == 1
        ? "\(KeySymbol(axis.name).short) \(axis.values[0])"
        : "\(axis.values.count) × \(KeySymbol(axis.name).title)"
    }
    let seeds = Set(study.cells.map(\.seed)).count
    return (axes + [seeds == 1 ? "1 seed" : "\(seeds) seeds", "simulation"])
      .joined(separator: " · ")
  }

  /// What the study came to: how much is there, and the highest accuracy.
  private var sentence: String {
    let (done, all) = (study.completeCount, study.cells.count)
    let runs = all == 1 ? "1 run" : "\(Figures.count(all)) runs"
    let state =
      done == all
      ? "All of \(runs) are complete." : "\(Figures.count(done)) of \(runs) are complete."
    let best = study.groups.enumerated()
      .filter { !$0.element.isBound }
      .compactMap { index, group in group.sample(.accuracy).map { (index, group, $0) } }
      .max { ($0.2.mean, -$0.0) < ($1.2.mean, -$1.0) }
    guard study.groups.count > 1, let (_, group, sample) = best else { return state }
    let half = sample.halfWidth95.map { " ± \(Figures.percent($0))" } ?? ""
    let label = study.label(group.place)
    let name = label.isEmpty ? "" : ", by \(label)"
    return "The highest average accuracy is \(Figures.percent(sample.mean))\(half) %\(name). "
      + state
  }

  private var contents: String {
    let comparison = study.baseline.isEmpty ? "" : "<a href=\"#comparison\">Baseline</a>"
    let plots = study.plots.isEmpty ? "" : "<a href=\"#plots\">Plots</a>"
    return "<nav aria-label=\"Contents\"><b><a href=\"#top\">Hebb</a></b>"
      + "<a href=\"#figures\">Figures</a>\(comparison)\(plots)<a href=\"#repeat\">Repeat it</a>"
      + "<a href=\"#words\">Words</a></nav>"
  }

  private var table: String {
    let table = StudyTable(study: study)
    let words = Set(study.axes.indices)
    let groups = PageTable(header: table.header, rows: table.rows, words: words)
    let cells = PageTable(
      header: study.columnNames + ["seed"]
        + StudyTable.figures.map(\.heading) + ["folder"],
      rows: study.cells.map { cell in
        cell.place + ["\(cell.seed)"]
          + StudyTable.figures.map { PageParts.signed($0.text(cell.value($0))) }
          + [cell.status == "complete" ? "cells/\(cell.folder)" : "missing"]
      }, words: words.union([words.count + StudyTable.figures.count + 1]))
    return groups.html + PageParts.details("Every run", cells.html)
  }

  private var comparison: String {
    guard let comparison = StudyComparison(study) else { return "" }
    return "<section id=\"comparison\"><h2>Against the baseline</h2>\(comparison.html)</section>"
  }

  private var plots: String {
    guard !study.plots.isEmpty else { return "" }
    let isWide = study.plots.count == 1
    let figures = study.plots.map { plot in
      let figure = StudyPlotFigure(plot, of: study)
      return PageParts.figure(figure.name, caption: figure.caption, isWide: isWide) {
        figure.drawing(width: $0)
      }
    }.joined()
    let content =
      figures.isEmpty
      ? "<p class=\"soft\">No run has the figures that the plots ask for.</p>"
      : "<div class=\"grid\">\(figures)</div>"
    return "<section id=\"plots\"><h2>Plots</h2>\(content)</section>"
  }

  private var remark: String {
    study.cells.compactMap(\.provenance).kernelRemark.map {
      "<p class=\"remark\">\(escaped(RunSection.sentence($0)))</p>"
    } ?? ""
  }

  private var repetition: String {
    "<section id=\"repeat\"><h2>Repeat it</h2><p>The same command gives the same bits with the "
      + "same kernel of the matrix library, and runs only what is missing.</p>" + remark
      + PageParts.copyable(study.command)
      + PageParts.details("The study file", PageParts.copyable(study.file)) + "</section>"
  }
}
