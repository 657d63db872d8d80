/// What the figures say, in plain words.
struct Verdict {
  private let runs: [RunResult]
  private let labels: [String]

  /// - Parameter labels: Names of the runs, all different.
  init(_ runs: [RunResult], labels: [String]) {
    self.runs = runs
    self.labels = labels
  }

  /// One sentence, and another for what would mislead without it.
  var sentence: String {
    var sentences = [main]
    if let joint = runs.first(where: { $0.role == .joint && $0.status == "complete" }),
      runs.count > 1, Ranking(runs).isFair, joint.accuracy != nil
    {
      sentences.append(
        "Joint training, the upper bound, reaches \(Figures.percent(joint.accuracy)) %.")
    }
    for index in runs.indices where runs[index].status != "complete" && runs.count > 1 {
      sentences.append("\(labels[index]) stopped early\(reason(runs[index])).")
    }
    for (run, label) in zip(runs, labels) {
      if let hindrance = run.hindrance { sentences.append("\(label): \(hindrance).") }
    }
    return sentences.joined(separator: " ")
  }

  private var main: String {
    if runs.count == 1 { return single(runs[0], label: labels[0]) }
    guard Ranking(runs).isFair else {
      return "\(runs.count) runs side by side; their tasks or scenario differ, so their figures do "
        + "not rank them."
    }
    let ended = runs.indices.filter {
      runs[$0].status == "complete" && runs[$0].accuracy.flatMap(finite) != nil
    }
    let plain = ended.first { runs[$0].role == .plain }
    let methods = ended.filter { runs[$0].role == .method }
    let best = methods.max { (runs[$0].accuracy ?? 0) < (runs[$1].accuracy ?? 0) }
    switch (best, plain) {
    case (let best?, let plain?): return contest(best, plain)
    case (let best?, nil):
      return methods.count == 1
        ? single(runs[best], label: labels[best])
        : "\(labels[best]) kept most: \(kept(runs[best])) on average, and it \(lost(runs[best]))."
    case (nil, let plain?): return single(runs[plain], label: labels[plain])
    case (nil, nil):
      return ended.isEmpty ? "No run has reached its end." : "Only bounds were run."
    }
  }

  private func contest(_ best: Int, _ plain: Int) -> String {
    let plainly = "the plain run kept \(kept(runs[plain])) and \(lost(runs[plain]))"
    let gain = (runs[best].accuracy ?? 0) - (runs[plain].accuracy ?? 0)
    // Half a point is within what another seed changes.
    if gain < 0.005 {
      return "No method here did better than plain training: \(labels[best]) kept "
        + "\(kept(runs[best])) on average, \(plainly)."
    }
    return
      "\(labels[best]) kept \(kept(runs[best])) on average and \(lost(runs[best])); \(plainly)."
  }

  private func single(_ run: RunResult, label: String) -> String {
    let count = run.taskNames.count
    let tasks = count == 1 ? "its one task" : "its \(count) tasks"
    if run.status != "complete" {
      let rows = run.measuredRows.filter { $0.number > 0 }.count
      return "\(label) stopped early, after \(rows) of \(count) tasks\(reason(run))."
    }
    guard run.accuracy.flatMap(finite) != nil else { return "\(label) has no final accuracy." }
    if run.isBound { return "\(label), a bound, ends at \(kept(run)) on average over \(tasks)." }
    let name = run.role == .plain ? "Plain sequential training" : label
    let memory = run.forgetting == nil ? "" : " and \(lost(run))"
    return "\(name) ends at \(kept(run)) on average over \(tasks)\(memory)."
  }

  private func kept(_ run: RunResult) -> String { Figures.percent(run.accuracy) + " %" }

  private func lost(_ run: RunResult) -> String {
    guard let forgetting = run.forgetting.flatMap(finite) else {
      return "left no forgetting to tell"
    }
    let points = Figures.percent(forgetting.magnitude)
    if points == "0.0" { return "forgot nothing" }
    return forgetting > 0
      ? "forgot \(points) points of each earlier task"
      : "gained \(points) points on each earlier task"
  }

  private func reason(_ run: RunResult) -> String { run.faults.first.map { ": \($0)" } ?? "" }
}
