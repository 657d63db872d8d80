import Foundation

/// The part of a report about one run.
struct RunSection {
  let run: RunResult
  let index: Int

  var html: String {
    "<h2 id=\"run\(index)\">\(escaped(run.method))</h2>" + remarks
      + "<div class=\"grid\">\(figures)</div>" + diagnostics
  }

  private var remarks: String {
    var sentences = run.faults + run.diagnostics.notes
    if !run.tasksAtChance.isEmpty {
      sentences.append(
        "At the end the answer on \(run.tasksAtChance.joined(separator: ", ")) is not better than "
          + "guessing.")
    }
    if run.scenario == "class" && !run.isBound {
      sentences.append(
        "Penalty methods with one head over all classes are known to keep only the last task: an "
          + "expected limit, not an error.")
    }
    return sentences.map { "<p>\(escaped($0))</p>" }.joined()
  }

  private var figures: String {
    var html = figure(
      "Accuracy matrix R, %", MatrixFigure(run: run).svg,
      "Read a column downwards: how a task's accuracy changes as later tasks are learnt. Framed: "
        + "just learnt.")
    if run.perWorker.count > 1 {
      html +=
        "<figure><h3>By worker</h3>"
        + table(
          ["worker", "ACC %", "BWT"],
          run.perWorker.map {
            [
              "\($0.rank)", Figures.percent($0.accuracy),
              Figures.signedPercent($0.backwardTransfer),
            ]
          })
        + "<figcaption>Each worker on its own part of the test examples.</figcaption></figure>"
    }
    if run.method != "joint" || run.curve.count > 2 {
      html += figure(
        "Forgetting curves", CurveFigure(run: run).svg,
        "Accuracy of every task over the run; shaded bands are the tasks being trained.",
        wide: true)
    }
    if let svg = LayerFigure(run: run).svg {
      html += figure(
        "Importance per layer", svg,
        "Mean importance of a tensor's weights for each finished task, on a logarithmic scale.",
        wide: true)
    }
    return html
  }

  private var diagnostics: String {
    let found = run.diagnostics
    var checks: [[String]] = [
      [
        mark(found.refusedMessages == 0), "messages refused: \(found.refusedMessages)",
        "every message was well-formed and expected",
      ],
      [
        mark(found.duplicatePushes == 0), "repeated pushes: \(found.duplicatePushes)",
        "no answer had to be asked for twice; a repeated push changes nothing",
      ],
    ]
    if let last = found.boundaries.last {
      let isZero = found.boundaries.allSatisfy { $0.newestTermAtAnchor == 0 }
      let acts = found.boundaries.dropFirst().allSatisfy { $0.penaltyGradientBefore > 0 }
      checks += [
        [
          mark(isZero), "newest term at its anchor: \(isZero ? "0" : "not 0")",
          "the penalty of a task vanishes exactly where the task ended",
        ],
        [
          mark(acts || found.boundaries.count < 2),
          "penalty gradient before the last boundary: "
            + String(format: "%.3g", last.penaltyGradientBefore),
          "the penalty acts on the weights that are trained",
        ],
        [
          mark(found.form == "proximal" || last.divergingCoordinates == 0),
          "rate·λ·U: median \(String(format: "%.2g", last.curvatureMedian)), largest "
            + String(format: "%.2g", last.curvatureMaximum),
          "above 2 the explicit form of plain gradient steps diverges "
            + "(\(last.divergingCoordinates) coordinates)",
        ],
      ]
    }
    return "<h3>Diagnostics</h3>"
      + table(["", "found", "what it shows"], checks, lastIsText: true) + boundaryTable
  }

  private func mark(_ isFine: Bool) -> String { isFine ? "✓" : "✗" }

  private var boundaryTable: String {
    guard !run.diagnostics.boundaries.isEmpty else { return "" }
    func figure(_ value: Double) -> String { String(format: "%.4g", value) }
    return "<details><summary>the penalty at every boundary</summary>"
      + table(
        ["task", "Σ Ω", "Σ U", "‖∇‖ before", "‖∇‖ after", "ηλU p99", "max", "over 2", "examples"],
        run.diagnostics.boundaries.map {
          [
            $0.task, figure($0.importanceSum), figure($0.foldedSum),
            figure($0.penaltyGradientBefore), figure($0.penaltyGradientAfter),
            figure($0.curvature99), figure($0.curvatureMaximum), "\($0.divergingCoordinates)",
            "\($0.exampleCount)",
          ]
        }) + "</details>"
  }
}
