public import Settings
import Tensors

/// Each task has some of the classes.
public struct SplitStream: StreamKind {
  /// `stream.kind`.
  public static let name = "split"
  /// Which classes make a task.
  public static let keys = [classes]

  /// Which classes make a task.
  public enum Grouping: Sendable, Hashable {
    /// In their order.
    case fixed
    /// In an order drawn by seed.
    case drawn
    /// As listed, each class by its label in the data set.
    case explicit([[Int]])
  }

  /// Which classes make a task.
  public var grouping = Grouping.fixed

  /// Classes in their order.
  public init() {}

  /// - Parameter grouping: Which classes make a task.
  public init(_ grouping: Grouping) { self.grouping = grouping }

  /// What 32 bits hold.
  private static let labels = 0...Int(Int32.max)

  private static let classes = Key<SplitStream>(
    "classes",
    "fixed (in order) | drawn (by seed) | a list of lists of classes, by the data set's labels.",
    .either(.words(["fixed", "drawn"]), .list(of: .list(of: .whole(labels))))
  ) { (stream, setting) throws(SettingError) in
    switch setting.value.word {
    case "fixed": stream.grouping = .fixed
    case "drawn": stream.grouping = .drawn
    default:
      stream.grouping = .explicit(
        try setting.lists(of: labels, "fixed, drawn or a list of lists of classes"))
    }
  } write: {
    switch $0.grouping {
    case .fixed: "fixed"
    case .drawn: "drawn"
    case .explicit(let groups): "\(groups)"
    }
  }

  /// Every class is in one task.
  public var partsClasses: Bool { true }

  /// By task, its classes.
  ///
  /// - Throws: ``DataError`` when classes cannot be split evenly, or what is listed does not fit.
  public func classes(
    of data: DataSet, taskCount: Int, seed: UInt64
  ) throws(DataError) -> [[Int]] {
    let order: [Int]
    switch grouping {
    case .explicit(let groups): return try Self.listed(groups, data.labels, taskCount: taskCount)
    case .fixed: order = Array(0..<data.classCount)
    case .drawn:
      var random = RandomStream(seed: seed, purpose: .classOrder)
      order = random.permutation(of: data.classCount)
    }
    guard data.classCount.isMultiple(of: taskCount) else {
      throw DataError(
        "\(data.classCount) classes cannot be split into \(taskCount) equal tasks; choose another "
          + "stream.tasks or list the groups in stream.classes")
    }
    let size = data.classCount / taskCount
    return (0..<taskCount).map { Array(order[$0 * size..<($0 + 1) * size]) }
  }

  /// The classes of the labels that are listed.
  private static func listed(
    _ groups: [[Int]], _ labels: [Int], taskCount: Int
  ) throws(DataError) -> [[Int]] {
    let all = groups.flatMap { $0 }
    let numbers = groups.map { $0.compactMap { labels.firstIndex(of: $0) } }
    guard groups.count == taskCount, Set(all).count == all.count,
      groups.allSatisfy({ !$0.isEmpty }), numbers.map(\.count) == groups.map(\.count)
    else {
      let known =
        labels == Array(labels.indices)
        ? "between 0 and \(labels.count - 1)" : "by their labels \(LabelList.words(labels))"
      throw DataError(
        "stream.classes must list \(taskCount) groups (stream.tasks) of different classes \(known)")
    }
    return numbers
  }
}
