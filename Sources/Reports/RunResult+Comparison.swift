import Metrics

extension RunResult {
  /// The runs with intransigence filled in where a joint run of the same stream is among them.
  public static func withIntransigence(_ runs: [RunResult]) -> [RunResult] {
    guard let joint = runs.first(where: { $0.method == "joint" }),
      let reference = AccuracyMatrix(rows: joint.matrix)
    else { return runs }
    return runs.map { run in
      guard run.taskNames == joint.taskNames, run.method != "joint",
        let own = AccuracyMatrix(rows: run.matrix)
      else { return run }
      var run = run
      run.intransigence = own.intransigence(joint: reference)
      return run
    }
  }

  /// Whether it is a bound rather than a method.
  public var isBound: Bool { method == "joint" || method == "independent" }
}
