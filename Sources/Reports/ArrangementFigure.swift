/// Who trained what when: nodes down, steps across, coloured by task, and in each stretch how the
/// node's labels are mixed.
struct ArrangementFigure {
  let run: RunResult
  let label: String

  /// More nodes would be lines too thin to read.
  private static let nodeMaximum = 24

  /// The first nodes, and the slow one in any case.
  private var shown: [Int] {
    let nodes = run.arrangement.timeline.indices
    guard nodes.count > Self.nodeMaximum else { return Array(nodes) }
    guard let slow = run.slowWorker?.rank, slow >= Self.nodeMaximum, slow < nodes.count else {
      return Array(nodes.prefix(Self.nodeMaximum))
    }
    return nodes.prefix(Self.nodeMaximum - 1) + [slow]
  }

  /// Which nodes are not to be seen, and which one the others wait for; empty where there are none.
  var remark: String {
    let (count, shown) = (run.arrangement.timeline.count, shown)
    var remark = ""
    if count > shown.count {
      let isFirst = shown.last == shown.count - 1
      let which =
        isFirst ? "the first \(shown.count)" : "the first \(shown.count - 1) and the slowest"
      remark += " Of \(count) nodes \(which) are shown; \(count - shown.count) are not."
    }
    if let slow = run.slowWorker {
      remark +=
        " Node \(slow.rank) is the slow one: it is busy \(Figures.percent(slow.utilisation)) % of "
        + "the time, half of the others at most \(Figures.percent(slow.middle)) %."
    }
    return remark
  }

  func drawing(width: Double) -> Drawing {
    let shown = shown
    let timeline = shown.map { run.arrangement.timeline[$0] }
    let names = stageNames
    let items = names.enumerated().map { (name: $1, css: "fill \(series($0))") }
    let (left, rowHeight) = (72.0, 34.0)
    let legend = Drawing.legendHeight(names, x: left, width: width)
    let bottom = legend + 10 + rowHeight * Double(timeline.count)
    var drawing = Drawing(
      width: width, height: bottom + 22, title: "Arrangement, \(label)",
      summary: "Which task each node trains from step to step, with its mix of labels.")
    drawing.legend(items, x: left, y: 0)
    let end = timeline.joined().map(\.end).max() ?? 1
    let axis = Axis(values: 0...Double(max(1, end)), from: left, to: width)
    for (place, segments) in timeline.enumerated() {
      let node = shown[place]
      let y = legend + 10 + rowHeight * Double(place)
      let isSlow = run.slowWorker?.rank == node
      drawing.text(
        "node \(node)", left - 8, y + (isSlow ? 12 : 18), .end,
        css: isSlow ? "label strong" : "label")
      if isSlow { drawing.text("slow", left - 8, y + 25, .end) }
      for segment in segments {
        let (from, to) = (axis(Double(segment.start)), axis(Double(segment.end)))
        drawing.rectangle(
          from, y, max(1.5, to - from - 1), 14, css: "fill \(series(segment.stage))",
          hint: "node \(node): \(segment.task), steps \(segment.start) to \(segment.end)")
        mix(of: segment.stage, node, from, to, y + 16, into: &drawing)
      }
    }
    for tick in axis.ticks(5) {
      drawing.text(Figures.count(Int(tick)), axis(tick), bottom + 14, .middle)
    }
    return drawing
  }

  /// The node's labels in a stage's tasks, as a bar in proportion; absent classes take no room.
  private func mix(
    of stage: Int, _ node: Int, _ from: Double, _ to: Double, _ y: Double,
    into drawing: inout Drawing
  ) {
    guard run.arrangement.placement.indices.contains(node) else { return }
    let counts = run.arrangement.placement[node].map { byTask in
      byTask.indices.contains(stage) ? byTask[stage] : 0
    }
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return }
    var x = from
    let room = max(1.5, to - from - 1)
    for (number, count) in counts.enumerated() where count > 0 {
      let label = run.classLabels.indices.contains(number) ? run.classLabels[number] : number
      let part = room * Double(count) / total
      drawing.rectangle(
        x, y, max(0.5, part), 9, css: "fill \(series(number)) soft",
        hint: "node \(node): \(count) examples of class \(label)")
      x += part
    }
  }

  /// By stage.
  private var stageNames: [String] {
    let stages = run.arrangement.timeline.joined()
    let count = (stages.map(\.stage).max() ?? -1) + 1
    return (0..<count).map { stage in
      stages.first { $0.stage == stage }?.task ?? ""
    }
  }
}

/// How stale the applied pushes were.
struct StalenessFigure {
  let run: RunResult
  let label: String

  func drawing(width: Double) -> Drawing {
    let counts = run.staleness.histogram
    let (left, height) = (8.0, 120.0)
    var drawing = Drawing(
      width: width, height: height + 24, title: "Staleness, \(label)",
      summary: "Applied pushes by the number of versions between computing and applying.")
    let most = Double(counts.max() ?? 1)
    let room = (width - 2 * left) / Double(max(1, counts.count))
    for (staleness, count) in counts.enumerated() {
      let size = height * Double(count) / max(1, most)
      let x = left + room * Double(staleness)
      drawing.rectangle(
        x, height - size, max(1, room - 1), size, css: "fill s0",
        hint: "\(Figures.count(count)) pushes were \(staleness) versions old")
      if counts.count <= 12 || staleness.isMultiple(of: max(1, counts.count / 8)) {
        drawing.text("\(staleness)", x + room / 2, height + 16, .middle)
      }
    }
    return drawing
  }
}

extension RunResult {
  /// The worker that the others wait for.
  struct SlowWorker {
    let rank: Int
    /// The share of its time in which it was busy.
    let utilisation: Double
    /// The busy share of the others, in the middle.
    let middle: Double
  }

  /// The worker that is busy for half as long again as the others in the middle, at least; `nil`
  /// where there is none, or where there are too few to tell.
  var slowWorker: SlowWorker? {
    let shares = self.nodes.compactMap { node -> (rank: Int, share: Double)? in
      guard node.node.hasPrefix("worker "), let rank = Int(node.node.dropFirst(7)),
        let share = node.utilisation.flatMap(finite)
      else { return nil }
      return (rank, share)
    }
    guard shares.count > 2, let most = shares.max(by: { $0.share < $1.share }) else { return nil }
    let others = shares.filter { $0.rank != most.rank }.map(\.share).sorted()
    let middle = others[others.count / 2]
    guard most.share >= 1.5 * middle else { return nil }
    return SlowWorker(rank: most.rank, utilisation: most.share, middle: middle)
  }
}
