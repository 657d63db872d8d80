extension StudyResult {
  /// How good a run was at one moment.
  public struct Moment: Sendable, Hashable {
    /// On the run's clock.
    public let seconds: Double
    /// Mean over all tasks, learned or not, in 0…1; at the end it is ACC.
    public let accuracy: Double
  }
}

extension RunResult {
  /// The accuracy over all tasks wherever all of them were measured, in the order of time.
  var moments: [StudyResult.Moment] {
    self.curve.compactMap { point -> StudyResult.Moment? in
      let accuracies = finite(point.accuracies).compactMap(\.self)
      guard let seconds = point.seconds.flatMap(finite), !accuracies.isEmpty,
        accuracies.count == point.accuracies.count
      else { return nil }
      return StudyResult.Moment(
        seconds: seconds, accuracy: accuracies.reduce(0, +) / Double(accuracies.count))
    }.sorted { $0.seconds < $1.seconds }
  }
}

/// The mean of several runs' accuracies over time.
enum StudyCurve {
  /// A moment wherever one of the runs was measured. Between measurements a run is taken to go
  /// straight, and after its last one to stay as it is. O(moments · runs).
  static func mean(_ runs: [[StudyResult.Moment]]) -> [StudyResult.Moment] {
    let runs = runs.filter { !$0.isEmpty }
    guard runs.count > 1 else { return runs.first ?? [] }
    var times: [Double] = []
    for seconds in runs.joined().map(\.seconds).sorted() where times.last != seconds {
      times.append(seconds)
    }
    let lines = runs.map { values(of: $0, at: times) }
    return times.indices.map { index in
      StudyResult.Moment(
        seconds: times[index],
        accuracy: lines.reduce(0) { $0 + $1[index] } / Double(lines.count))
    }
  }

  /// A run's accuracy at rising times. Of two measurements at one time the later one counts.
  private static func values(of run: [StudyResult.Moment], at times: [Double]) -> [Double] {
    var next = 0
    return times.map { time in
      while next < run.count, run[next].seconds <= time { next += 1 }
      guard next > 0 else { return run[0].accuracy }
      let before = run[next - 1]
      guard next < run.count else { return before.accuracy }
      let share = (time - before.seconds) / (run[next].seconds - before.seconds)
      return before.accuracy + share * (run[next].accuracy - before.accuracy)
    }
  }
}
