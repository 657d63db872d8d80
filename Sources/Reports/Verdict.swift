/// What the figures say, in plain words.
struct Verdict {
  let runs: [RunResult]

  init(_ runs: [RunResult]) { self.runs = runs }

  var sentence: String {
    var parts: [String] = []
    if let plain = runs.first(where: { $0.method == "none" }), let lost = plain.forgetting,
      let accuracy = plain.accuracy
    {
      parts.append(
        "Plain sequential training ends at \(Figures.percent(accuracy)) % and forgets "
          + "\(Figures.percent(lost)) points of each earlier task.")
    }
    let methods = runs.filter { !$0.isBound && $0.method != "none" && $0.accuracy != nil }
    if let best = methods.max(by: { ($0.accuracy ?? 0) < ($1.accuracy ?? 0) }) {
      let word = methods.count > 1 ? "The best method here, \(best.method)," : "\(best.method)"
      parts.append(
        "\(word) ends at \(Figures.percent(best.accuracy)) % and forgets "
          + "\(Figures.percent(best.forgetting)) points.")
    }
    if let joint = runs.first(where: { $0.method == "joint" }), let accuracy = joint.accuracy {
      parts.append("Joint training, the upper bound, reaches \(Figures.percent(accuracy)) %.")
    }
    let stopped = runs.filter { $0.status != "complete" }
    if let first = stopped.first {
      parts.append("\(first.method) stopped early: \(first.faults.first ?? "no reason recorded").")
    }
    return parts.isEmpty ? "One run of \(runs[0].method)." : parts.joined(separator: " ")
  }
}
