/// Who trains what, in which order, and where all wait for each other.
public struct TaskSchedule: Sendable, Hashable {
  /// By worker: the stages of its sequence, in order; a position is a 0-based index into it.
  public let sequences: [[Int]]
  /// By worker: whole steps after which it begins.
  public let startSteps: [Int]
  public let moment: BoundaryPolicy
  /// Number of phases. A phase lies between two global boundaries: one stage a worker, or the
  /// whole sequences if there are none.
  public let phaseCount: Int

  /// - Parameters:
  ///   - sequences: By worker, its stages in their order; at least one worker.
  ///   - startSteps: By worker, whole steps after which it begins.
  ///   - moment: Where all workers meet.
  public init(sequences: [[Int]], startSteps: [Int], moment: BoundaryPolicy) {
    precondition(sequences.count == startSteps.count && !sequences.isEmpty)
    self.sequences = sequences
    self.startSteps = startSteps
    self.moment = moment
    phaseCount = moment.isGlobal ? sequences.map(\.count).max() ?? 0 : 1
  }

  /// All train the stages in their order and meet at each boundary.
  public static func shared(stageCount: Int, workerCount: Int) -> TaskSchedule {
    TaskSchedule(
      sequences: Array(repeating: Array(0..<stageCount), count: workerCount),
      startSteps: Array(repeating: 0, count: workerCount), moment: .globalBoundary)
  }

  /// The positions of a worker's sequence that belong to a phase; empty for one that has no part
  /// in it.
  public func positions(of worker: Int, in phase: Int) -> Range<Int> {
    let all = 0..<sequences[worker].count
    return moment.isGlobal ? (phase..<phase + 1).clamped(to: all) : all
  }

  /// Who trains what in a phase: every worker's stages, by worker and position.
  func visits(of phase: Int) -> [(worker: Int, stage: Int)] {
    sequences.indices.flatMap { worker in
      positions(of: worker, in: phase).map { (worker, sequences[worker][$0]) }
    }
  }

  /// The stages that somebody has finished when a phase begins, ascending; none where the workers
  /// do not meet.
  public func finishedStages(before phase: Int) -> [Int] {
    guard moment.isGlobal else { return [] }
    return Set((0..<max(0, phase)).flatMap(stages)).sorted()
  }

  /// The stages that somebody trains in a phase, ascending.
  func stages(of phase: Int) -> [Int] { Set(visits(of: phase).map(\.stage)).sorted() }

  /// Whether a worker that trains a stage can ask for such an anchor.
  func canAnchor(_ snapshot: Snapshot, of worker: Int, stage: Int) -> Bool {
    let sequence = sequences[worker]
    switch snapshot {
    case .boundary(worker, let position):
      return !moment.isGlobal && sequence.indices.contains(position) && sequence[position] == stage
    case .provisional(worker, _): return !moment.isGlobal && sequence.contains(stage)
    default: return false
    }
  }

  /// The workers that have the stage in their sequence, ascending.
  public func owners(of stage: Int) -> [Int] {
    sequences.indices.filter { sequences[$0].contains(stage) }
  }
}
