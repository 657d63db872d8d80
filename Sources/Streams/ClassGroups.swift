import Tensors

/// Which classes and which output units each task of a stream has.
struct ClassGroups: Sendable {
  private(set) var classes: [[Int]] = []
  private(set) var firstUnit: [Int] = []
  private(set) var active: [Range<Int>] = []
  private(set) var evaluationActive: [Range<Int>] = []
  let outputCount: Int

  /// - Parameter labels: What the data set calls its classes, and what `stream.classes` lists.
  init(
    _ specification: StreamSpecification, labels: [Int], seed: UInt64
  ) throws(DataError) {
    let groups = try Self.groups(specification, labels: labels, seed: seed)
    classes = groups
    let starts = groups.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let total = starts[groups.count]
    switch specification.scenario {
    case .domain:
      guard let size = groups.first?.count, groups.allSatisfy({ $0.count == size }) else {
        throw DataError(
          "stream.scenario domain needs as many classes in every task; stream.classes gives "
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

  private static func groups(
    _ specification: StreamSpecification, labels: [Int], seed: UInt64
  ) throws(DataError) -> [[Int]] {
    let classCount = labels.count
    guard case .split(let grouping) = specification.kind else {
      return Array(repeating: Array(0..<classCount), count: specification.taskCount)
    }
    let order: [Int]
    switch grouping {
    case .explicit(let groups):
      let all = groups.flatMap { $0 }
      let numbers = groups.map { $0.compactMap { labels.firstIndex(of: $0) } }
      guard groups.count == specification.taskCount, Set(all).count == all.count,
        groups.allSatisfy({ !$0.isEmpty }), numbers.map(\.count) == groups.map(\.count)
      else {
        let known =
          labels == Array(0..<classCount)
          ? "between 0 and \(classCount - 1)" : "by their labels \(LabelList.words(labels))"
        throw DataError(
          "stream.classes must list \(specification.taskCount) groups (stream.tasks) of different "
            + "classes \(known)")
      }
      return numbers
    case .fixed: order = Array(0..<classCount)
    case .drawn:
      var random = RandomStream(seed: seed, purpose: .classOrder)
      order = random.permutation(of: classCount)
    }
    guard classCount.isMultiple(of: specification.taskCount) else {
      throw DataError(
        "\(classCount) classes cannot be split into \(specification.taskCount) equal tasks; choose "
          + "another stream.tasks or list the groups in stream.classes")
    }
    let size = classCount / specification.taskCount
    return (0..<specification.taskCount).map { Array(order[$0 * size..<($0 + 1) * size]) }
  }
}
