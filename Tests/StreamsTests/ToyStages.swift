@testable import Streams

/// Stages of one task each over the same images; image i is of class i mod `classCount`.
struct ToyStages {
  let stages: [Stage]
  let classCount: Int

  init(count: Int, size: Int, classCount: Int) {
    stages = (0..<count).map { task in
      Stage(tasks: [task], examples: (0..<size).map { Example(task: task, index: $0) })
    }
    self.classCount = classCount
  }

  func label(_ example: Example) -> Int { example.index % classCount }

  /// `owners`: all nodes train all stages unless given.
  func place(
    _ placement: Placement, nodeCount: Int, owners: [[Int]]? = nil, seed: UInt64 = 1
  ) throws(DataError) -> [[[Example]]] {
    try placement.place(
      stages, owners: owners ?? stages.map { _ in Array(0..<nodeCount) }, nodeCount: nodeCount,
      classCount: classCount, seed: seed, label: label)
  }

  /// Examples by class.
  func histogram(_ examples: [Example]) -> [Int] {
    (0..<classCount).map { wanted in examples.count { label($0) == wanted } }
  }
}

/// Mean and mean squared distance from it.
func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, squares / Double(values.count))
}

func inOrder(_ examples: [Example]) -> [Example] {
  examples.sorted { ($0.task, $0.index) < ($1.task, $1.index) }
}
