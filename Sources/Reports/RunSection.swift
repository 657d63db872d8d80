/// The part of a report about one run.
struct RunSection {
  let run: RunResult
  let label: String
  let index: Int
  /// Paths of its files, from the page.
  var files: [String] = []

  var html: String {
    "<section id=\"run\(index)\"><h2>\(escaped(label))\(badge)</h2>\(remarks)"
      + "<div class=\"grid\">\(figures)</div>\(CostTable(runs: [run], labels: [label]).html)"
      + diagnostics + numbers
      + PageParts.links("Files of this run", files) + "</section>"
  }

  private var badge: String {
    if run.status != "complete" { return " <span class=\"badge bad\">stopped early</span>" }
    return run.isBound ? " <span class=\"badge\">bound</span>" : ""
  }

  private var remarks: String {
    var sentences = run.faults + run.diagnostics.notes
    if !run.tasksAtChance.isEmpty {
      sentences.append(
        "At the end the answer on \(run.tasksAtChance.joined(separator: ", ")) is not better than "
          + "guessing.")
    }
    return sentences.map { "<p class=\"remark\">\(escaped(Self.sentence($0)))</p>" }.joined()
  }

  /// With a capital and a full stop.
  static func sentence(_ words: String) -> String {
    let text = words.prefix(1).uppercased() + words.dropFirst()
    return text.isEmpty || ".!?".contains(text.suffix(1)) ? text : text + "."
  }

  private var figures: String {
    accuracy
      + PageParts.figure(
        "Forgetting curves",
        caption: "Accuracy of every task over the run. A line is thick while its task is trained; "
          + "dots are measurements, the lines between them are only a guide.", isWide: true
      ) { CurveFigure(run: run, label: label).drawing(width: $0) }
      + PageParts.figure(
        "Training loss", caption: "Mean over the workers, as they trained the task named above.",
        isWide: true
      ) { LossFigure(run: run, label: label).drawing(width: $0) }
      + PageParts.figure(
        "Importance per layer",
        caption: "Mean importance Ω of a tensor's weights for each finished task. Where the axis "
          + "shows powers of ten, equal steps are equal factors.", isWide: true
      ) { LayerFigure(run: run, label: label).drawing(width: $0) }
      + PageParts.figure(
        "What the generator makes",
        caption: "Images that the generator makes out of noise at the final weights. Those of "
          + "tasks that are long over show what has become of them.", isWide: true
      ) { MadeFigure(run: run, label: label).drawing(width: $0) }
      + arrangement + costs
  }

  /// Shown where nodes differ: in what they have, in what they do when, or in how fresh they are.
  private var arrangement: String {
    var parts = ""
    if run.workers > 1, !run.arrangement.timeline.isEmpty {
      let figure = ArrangementFigure(run: run, label: label)
      parts += PageParts.figure(
        "Who trained what when",
        caption: "Nodes down, steps across, coloured by task; below each stretch the mix of labels "
          + "that the node has of it.\(figure.remark) "
          + "Spatial skew \(Figures.short(run.spatialSkew ?? 0)), stage "
          + "skew \(Figures.short(run.stageSkew ?? 0)).", isWide: true
      ) { figure.drawing(width: $0) }
    }
    if run.staleness.histogram.count > 1 {
      parts += PageParts.figure(
        "Staleness",
        caption: "Applied pushes by how many versions old the weights were that they were computed "
          + "at.", isWide: true
      ) { StalenessFigure(run: run, label: label).drawing(width: $0) }
    }
    return parts
  }

  private var hasManyTasks: Bool { run.taskNames.count > 7 }

  private var accuracy: String {
    PageParts.figure(
      "Accuracy matrix R, %",
      caption: "Read a column downwards: how a task's accuracy changes as later tasks are learned. "
        + "Framed: just learned.", isWide: hasManyTasks, leastShare: 0.8
    ) { MatrixFigure(run: run, label: label, width: $0).drawing }
      + PageParts.figure(
        "Stability against plasticity, by task",
        caption: "Right: the task was learned well (accuracy right after it). Up: it stayed "
          + "(100 − forgetting). The last task is not shown, it had no time to be forgotten.",
        isWide: hasManyTasks
      ) { TradeoffFigure(tasksOf: run).drawing(width: $0) }
  }

  private var costs: String {
    PageParts.figure(
      "Bytes by kind",
      caption: "Counted at the sockets, both directions. Framing is what the transport adds to the "
        + "payload.", isWide: true
    ) { StackFigure.framing(run, label: label).drawing(width: $0) }
      + PageParts.figure(
        "Bytes over time",
        caption: "Framed bytes since the beginning, all nodes and both directions, stacked by "
          + "kind.", isWide: true
      ) { BytesOverTimeFigure(run: run, label: label).drawing(width: $0) }
      + PageParts.figure(
        "Where the time went",
        caption: "Seconds summed over the workers; waiting is for other workers, servers and the "
          + "wire.", isWide: true
      ) { width in
        run.hasClock
          ? StackFigure.phases([run], labels: [label]).drawing(width: width) : nil
      }
  }

  private var diagnostics: String {
    let items = DiagnosticChecks(run).all.map { check in
      "<li class=\"\(check.mark)\"><b>\(check.mark.rawValue)</b><div><strong>"
        + "\(escaped(check.found))</strong><span>\(escaped(check.proves))</span></div></li>"
    }
    let rest =
      run.diagnostics.boundaries.isEmpty
      ? "<p class=\"soft\">This run has no penalty to look at.</p>" : ""
    return "<h3>Diagnostics</h3><ul class=\"checks\">\(items.joined())</ul>\(rest)"
  }

  private var numbers: String {
    let sections = RunNumbers(run)
    return PageParts.details("Exact figures", sections.figures)
      + PageParts.details("Matrix R, exact", sections.matrix)
      + (run.perWorker.count > 1 ? PageParts.details("By worker", sections.workers) : "")
      + (run.nodes.isEmpty ? "" : PageParts.details("Utilisation of nodes", sections.nodes))
      + (run.timeToAccuracy.isEmpty
        ? "" : PageParts.details("Time to accuracy", sections.milestones))
      + (run.diagnostics.boundaries.isEmpty
        ? "" : PageParts.details("The penalty at every boundary", sections.boundaries))
      + (run.diagnostics.activity.isEmpty
        ? "" : PageParts.details("What came back of finished tasks", sections.activity))
      + (run.communication.messages == 0
        ? "" : PageParts.details("Bytes by task and kind", sections.bytes))
      + (run.links.isEmpty ? "" : PageParts.details("Bytes by link", sections.links))
      + PageParts.details("The resolved experiment", PageParts.copyable(run.experiment))
  }
}
