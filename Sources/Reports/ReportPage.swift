import Foundation

/// The page of one run, or of several compared: one self-contained HTML file that needs no scripts
/// and asks nothing of any server.
public struct ReportPage: Sendable {
  private let runs: [RunResult]

  /// - Parameter runs: At least one.
  public init(_ runs: [RunResult]) {
    precondition(!runs.isEmpty, "a report shows at least one run")
    self.runs = runs
  }

  /// The file's text.
  public var html: String {
    let title = escaped(runs[0].name)
    let links = runs.enumerated().map { index, run in
      "<a href=\"#run\(index)\">\(escaped(run.method))</a>"
    }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta name="color-scheme" content="light dark"><title>\(title) · Hebb</title>
      <style>\(PageStyle.css)</style></head><body>
      <nav><b>Hebb</b><a href="#top">overview</a>\(links.joined())<a href="#repeat">repeat</a></nav>
      <main id="top">
      <h1>\(title)</h1>
      <p class="lead">\(escaped(Verdict(runs).sentence))</p>
      \(tiles)
      \(overview)
      \(runs.enumerated().map { RunSection(run: $1, index: $0).html }.joined())
      \(repetition)
      </main></body></html>

      """
  }

  private var tiles: String {
    let run = runs[0]
    var facts = [
      ("\(run.taskNames.count)", "tasks, \(run.scenario)-incremental"),
      ("\(run.workers) + \(run.servers)", "workers and servers, \(run.consistency)"),
      ("\(run.seed)", "seed"),
      (Figures.bytes(runs.reduce(0) { $0 + $1.communication.framedBytes }), "on the wire"),
    ]
    if let chance = run.chance { facts.append(("\(Figures.percent(chance)) %", "chance level")) }
    let tiles = facts.map { value, name in
      "<div class=\"tile\"><b>\(escaped(value))</b><span>\(escaped(name))</span></div>"
    }
    return "<div class=\"tiles\">\(tiles.joined())</div>"
  }

  private var overview: String {
    var figures = ""
    if let svg = TradeoffFigure(runs: runs).svg {
      figures += figure(
        "Stability against plasticity", svg,
        "Up: what was learnt stays. Right: it was learnt well. The best learner is in the corner.")
    }
    figures += figure(
      "Bytes by kind",
      StackFigure(
        title: "Framed bytes by kind",
        bars: runs.map { run in
          StackFigure.Bar(
            name: run.method,
            parts: run.communication.kinds.map {
              ($0.name, Double($0.bytes.framedBytes), Figures.bytes($0.bytes.framedBytes))
            })
        }
      ).svg,
      "Counted at the sockets, both directions, with framing.", wide: true)
    figures += figure(
      "Where the workers' time went",
      StackFigure(
        title: "Seconds by phase",
        bars: runs.map { run in
          StackFigure.Bar(
            name: run.method,
            parts: run.phases.named.map { ($0.name, $0.seconds, Figures.seconds($0.seconds)) })
        }
      ).svg,
      "Summed over the workers; waiting is for other workers, servers and the wire.", wide: true)
    return comparison + "<div class=\"grid\">\(figures)</div>"
  }

  private var comparison: String {
    let rows = runs.map { run in
      [
        run.method + (run.isBound ? " (bound)" : ""), Figures.percent(run.accuracy),
        Figures.signedPercent(run.backwardTransfer), Figures.signedPercent(run.forwardTransfer),
        Figures.percent(run.forgetting), Figures.percent(run.learningAccuracy),
        Figures.percent(run.intransigence), Figures.bytes(run.communication.framedBytes),
        Figures.seconds(run.virtualSeconds ?? run.wallSeconds),
      ]
    }
    return table(
      [
        "method", "ACC %", "BWT", "FWT", "forgetting", "learning acc.", "intransigence", "bytes",
        runs[0].virtualSeconds == nil ? "time" : "virtual time",
      ], rows)
      + "<p class=\"soft\">ACC: mean accuracy on all tasks at the end. BWT: mean change of a "
      + "task's accuracy since it was learnt, over T−1 tasks (Lopez-Paz &amp; Ranzato 2017). FWT: "
      + "accuracy on a task before it is learnt, minus the untrained network's. Forgetting: best "
      + "earlier accuracy minus the last (Chaudhry et al. 2018). Learning accuracy: each task "
      + "right after it. Intransigence: joint training minus that.</p>"
  }

  private var repetition: String {
    let commands = runs.map(\.command).filter { !$0.isEmpty }.map(escaped)
    let yaml = runs.map { run in
      "<details><summary>\(escaped(run.method)): the resolved experiment</summary>"
        + "<pre>\(escaped(run.experiment))</pre></details>"
    }
    return "<h2 id=\"repeat\">Repeat it</h2><p>The same command gives the same bits.</p>"
      + "<pre>\(commands.joined(separator: "\n"))</pre>\(yaml.joined())"
  }
}

/// A figure with its name and what to see in it.
func figure(_ name: String, _ svg: String, _ caption: String, wide: Bool = false) -> String {
  "<figure\(wide ? " class=\"wide\"" : "")><h3>\(escaped(name))</h3>\(svg)"
    + "<figcaption>\(escaped(caption))</figcaption></figure>"
}

/// A table that scrolls in its own box.
func table(_ header: [String], _ rows: [[String]], lastIsText: Bool = false) -> String {
  let head = header.enumerated().map { index, cell in
    let css = lastIsText && index == header.count - 1 ? " class=\"say\"" : ""
    return "<th\(css)>\(escaped(cell))</th>"
  }.joined()
  let body = rows.map { row in
    "<tr>"
      + row.enumerated().map { index, cell in
        lastIsText && index == row.count - 1
          ? "<td class=\"say\">\(escaped(cell))</td>" : "<td>\(escaped(cell))</td>"
      }.joined() + "</tr>"
  }
  return "<div class=\"table\"><table><thead><tr>\(head)</tr></thead>"
    + "<tbody>\(body.joined())</tbody></table></div>"
}
