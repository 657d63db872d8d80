/// Which classes and which output units each task of a stream has.
struct ClassGroups: Sendable {
  private(set) var classes: [[Int]] = []
  /// By task, by its class.
  private(set) var units: [[Int]] = []
  private(set) var active: [Range<Int>] = []
  private(set) var evaluationActive: [Range<Int>] = []
  let outputCount: Int

  /// - Parameter order: Numbers of the tasks as the stream's kind makes them, in which they come.
  /// - Throws: ``DataError`` when the stream's kind and the data, or the scenario, do not fit.
  init(
    _ specification: StreamSpecification, data: DataSet, order: [Int], seed: UInt64
  ) throws(DataError) {
    let made = try specification.kind.classes(
      of: data, taskCount: specification.taskCount, seed: seed)
    let groups = order.map { made[$0] }
    classes = groups
    let isShared = specification.kind.sharesAnswers && specification.scenario == .class
    let numbered = isShared ? Self.shared(groups) : Self.apart(groups)
    let (ends, total) = (numbered.ends, numbered.ends.last ?? 0)
    let starts = [0] + ends
    switch specification.scenario {
    case .domain:
      guard let size = groups.first?.count, groups.allSatisfy({ $0.count == size }) else {
        throw DataError(
          "stream.scenario domain needs as many classes in every task; the tasks have "
            + "\(groups.map(\.count)); use scenario task or class")
      }
      outputCount = size
      units = groups.map { _ in Array(0..<size) }
      active = groups.map { _ in 0..<size }
      evaluationActive = active
    case .task:
      outputCount = total
      units = numbered.units
      active = groups.indices.map { starts[$0]..<starts[$0 + 1] }
      evaluationActive = active
    case .class:
      outputCount = total
      units = numbered.units
      active = groups.indices.map {
        specification.lossClasses == .seen ? 0..<ends[$0] : 0..<total
      }
      // The answer is free among all classes, as where the task is not known.
      evaluationActive = groups.map { _ in 0..<total }
    }
  }

  /// Units for each task's classes, and by task how many there are by then.
  private typealias Numbered = (units: [[Int]], ends: [Int])

  /// Every task has its own.
  private static func apart(_ groups: [[Int]]) -> Numbered {
    var numbered: Numbered = ([], [])
    for group in groups {
      let start = numbered.ends.last ?? 0
      numbered.units.append(Array(start..<start + group.count))
      numbered.ends.append(start + group.count)
    }
    return numbered
  }

  /// A class has one, numbered by its first appearance.
  private static func shared(_ groups: [[Int]]) -> Numbered {
    var numbered: Numbered = ([], [])
    var known: [Int: Int] = [:]
    for group in groups {
      for label in group where known[label] == nil { known[label] = known.count }
      numbered.units.append(group.compactMap { known[$0] })
      numbered.ends.append(known.count)
    }
    return numbered
  }
}
