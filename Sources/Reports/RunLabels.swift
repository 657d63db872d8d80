/// Short names that tell the runs of one report apart: the method, and what else differs.
enum RunLabels {
  /// One label for each run, all different.
  static func make(
    _ runs: [RunResult], name: (RunResult) -> String = { $0.method }
  ) -> [String] {
    var labels = runs.map(name)
    for fact in facts {
      let before = labels
      for index in runs.indices {
        let alike = runs.indices.filter { before[$0] == before[index] }
        guard Set(alike.map { fact(runs[$0]) }).count > 1 else { continue }
        labels[index] += ", " + fact(runs[index])
      }
    }
    let before = labels
    for index in runs.indices {
      let earlier = before[..<index].count { $0 == before[index] }
      if earlier > 0 { labels[index] += " (\(earlier + 1))" }
    }
    return labels
  }

  /// What may tell two runs of a method apart, the most telling first.
  private static let facts: [@Sendable (RunResult) -> String] = [
    { $0.name }, { $0.scenario }, { "λ \(Figures.short($0.diagnostics.strength))" },
    { "\($0.workers) workers" }, { "\($0.servers) servers" }, { $0.consistency }, { $0.mode },
    { "seed \($0.seed)" },
  ]

  /// A method as a paper writes it.
  static func title(_ run: RunResult) -> String {
    run.methodTitle.isEmpty ? run.method : run.methodTitle
  }
}
