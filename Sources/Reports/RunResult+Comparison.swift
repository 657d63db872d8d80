import Foundation
import Metrics

extension RunResult {
  /// The runs with intransigence filled in where a joint run of the same stream is among them.
  public static func withIntransigence(_ runs: [RunResult]) -> [RunResult] {
    guard let joint = runs.first(where: { $0.role == .joint }),
      let reference = AccuracyMatrix(rows: joint.matrix)
    else { return runs }
    return runs.map { run in
      guard run.isComparable(to: joint), run.role != .joint,
        let own = AccuracyMatrix(rows: run.matrix)
      else { return run }
      var run = run
      run.intransigence = own.intransigence(joint: reference)
      return run
    }
  }

  /// Whether both learned the same tasks in the same scenario, so that one may be called better.
  func isComparable(to other: RunResult) -> Bool {
    self.taskNames == other.taskNames && self.scenario == other.scenario
  }

  /// The rows of the matrix that were measured, with their numbers.
  var measuredRows: [(number: Int, accuracies: [Double?])] {
    self.matrix.enumerated().filter { $0.element.contains { $0 != nil } }
      .map { (number: $0.offset, accuracies: finite($0.element)) }
  }

  /// Whether the tasks were trained together, so that no row follows a task of its own.
  var isTrainedTogether: Bool {
    self.taskBoundaries.count == 1 && !self.taskNames.contains(self.taskBoundaries[0].task)
  }

  /// `untrained`, or `after` and the task's name.
  func rowName(_ number: Int) -> String {
    if number == 0 { return "untrained" }
    let task =
      isTrainedTogether ? self.taskBoundaries[0].task : self.taskNames[learnedTask(number)]
    return "after \(task)"
  }

  /// The task that had been completed when a row of the matrix was measured, 1 being the first row
  /// after the untrained network. Nodes may learn tasks in another order than the stream's.
  func learnedTask(_ number: Int) -> Int {
    let order = self.arrangement.taskOrder
    return order.indices.contains(number - 1) ? order[number - 1] : number - 1
  }

  /// Whether a task had just been completed when a row of the matrix was measured.
  func isJustLearned(_ task: Int, in row: Int) -> Bool {
    row > 0 && task == learnedTask(row) && !isTrainedTogether
  }

  /// Whether its work took time by the clock of the run. A simulation on a free clock has none.
  public var hasClock: Bool { self.mode != "simulation" || self.virtualSeconds != nil }

  /// Seconds by that clock: the simulator's if there is one; `nil` where nothing took time.
  var seconds: Double? { hasClock ? self.virtualSeconds ?? self.wallSeconds : nil }
}

extension RunResult {
  /// The worker that worked longest, if that is far above what the others did: a straggler shows
  /// here even where waiting for the wire hides it in the time of the run.
  var slowestWorker: String? {
    let workers = self.nodes.filter { $0.node.hasPrefix("worker") && $0.busySeconds.isFinite }
      .sorted { $0.busySeconds < $1.busySeconds }
    guard let last = workers.last, workers.count > 1 else { return nil }
    let median = workers[(workers.count - 1) / 2].busySeconds
    guard median > 0, last.busySeconds >= 1.5 * median else { return nil }
    return "\(last.node) worked \(Figures.seconds(last.busySeconds)), "
      + String(format: "%.1f", last.busySeconds / median) + " times the median of the workers"
  }
}

/// What may be ranked among runs that are shown together.
struct Ranking {
  private let runs: [RunResult]

  init(_ runs: [RunResult]) { self.runs = runs }

  /// Whether all learned the same tasks in the same scenario.
  var isFair: Bool { runs.allSatisfy { $0.isComparable(to: runs[0]) } }

  /// Indices of the runs that are best in a figure: complete ones, bounds aside, equal to the digit
  /// shown. Empty where there is no contest.
  func best(_ figure: (RunResult) -> Double?, higherIsBetter: Bool = true) -> [Int] {
    guard isFair else { return [] }
    let candidates = runs.indices.compactMap { index -> (Int, Int)? in
      guard !runs[index].isBound, runs[index].status == "complete",
        let value = figure(runs[index]).flatMap(finite)
      else { return nil }
      return (index, Int((value * 1_000).rounded()) * (higherIsBetter ? 1 : -1))
    }
    guard candidates.count > 1, let top = candidates.map(\.1).max() else { return [] }
    let winners = candidates.filter { $0.1 == top }.map(\.0)
    return winners.count == candidates.count ? [] : winners
  }
}
