public import Settings

/// Each task is a data set of its own, with all its classes.
///
/// The data are the sets joined (``DataSet/init(joining:)``), so that scenarios mean what they mean
/// for a split of one set: under `domain` the first classes of all sets share a unit, under `task`
/// each set has its own units, under `class` the units of all sets stand side by side.
public struct DataSetStream: StreamKind {
  /// `stream.kind`.
  public static let name = "datasets"
  /// Which sets.
  public static let keys: [Key<DataSetStream>] = [
    .texts("sets", \.sets, "Instead of data.set, a data set for each task, by name.")
  ]

  /// One a task, by name.
  public var sets: [String] = []

  /// None yet.
  public init() {}

  /// - Parameter sets: Their names, one a task.
  public init(_ sets: [String]) { self.sets = sets }

  /// The sets.
  public var dataSets: [String] { sets }
  /// A set's classes are its own.
  public var partsClasses: Bool { true }

  /// - Throws: ``DataError`` when there is not a different one for each task.
  public func validate(taskCount: Int) throws(DataError) {
    guard sets.count == taskCount else {
      throw DataError(
        "stream.sets names \(sets.count) data sets for \(taskCount) tasks (stream.tasks); name one "
          + "a task")
    }
    if let twice = sets.indices.first(where: { sets[..<$0].contains(sets[$0]) }) {
      throw DataError("stream.sets names \(sets[twice]) twice; name different data sets")
    }
  }

  /// By task, the classes of its set.
  ///
  /// - Throws: ``DataError`` when the data are not the sets joined.
  public func classes(
    of data: DataSet, taskCount: Int, seed: UInt64
  ) throws(DataError) -> [[Int]] {
    guard data.members.count == taskCount else {
      throw DataError(
        "\(data.name) is not the \(taskCount) data sets that stream.sets names; load those")
    }
    return data.members.map { Array($0.classes) }
  }

  /// Each task shows its set as it is and is called by its name.
  public func views(
    of data: DataSet, in frame: InputMap.Frame, taskCount: Int, seed: UInt64
  ) -> [TaskView] {
    let map = InputMap.identity(frame)
    return data.members.map { TaskView(map: map, name: $0.name) }
  }
}
