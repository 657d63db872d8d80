/// Which classes and which output units each task of a stream has.
struct ClassGroups: Sendable {
  private(set) var classes: [[Int]] = []
  private(set) var firstUnit: [Int] = []
  private(set) var active: [Range<Int>] = []
  private(set) var evaluationActive: [Range<Int>] = []
  let outputCount: Int

  /// - Throws: ``DataError`` when the stream's kind and the data, or the scenario, do not fit.
  init(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) {
    let groups = try specification.kind.classes(
      of: data, taskCount: specification.taskCount, seed: seed)
    classes = groups
    let starts = groups.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let total = starts[groups.count]
    switch specification.scenario {
    case .domain:
      guard let size = groups.first?.count, groups.allSatisfy({ $0.count == size }) else {
        throw DataError(
          "stream.scenario domain needs as many classes in every task; the tasks have "
            + "\(groups.map(\.count)); use scenario task or class")
      }
      outputCount = size
      firstUnit = groups.map { _ in 0 }
      active = groups.map { _ in 0..<size }
      evaluationActive = active
    case .task:
      outputCount = total
      firstUnit = Array(starts.dropLast())
      active = groups.indices.map { starts[$0]..<starts[$0 + 1] }
      evaluationActive = active
    case .class:
      outputCount = total
      firstUnit = Array(starts.dropLast())
      active = groups.indices.map {
        specification.lossClasses == .seen ? 0..<starts[$0 + 1] : 0..<total
      }
      // The answer is free among all classes, as where the task is not known.
      evaluationActive = groups.map { _ in 0..<total }
    }
  }
}
