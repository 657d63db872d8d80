public import Tensors

/// A sequence of tasks made from one data set, or from several joined.
///
/// Classes are numbered as output units in the order of their first appearance, so that the active
/// units of a task are always one contiguous range.
public struct TaskStream: Sendable {
  public let tasks: [Task]
  public let data: DataSet
  /// An example as a network takes it, with its padding; one row where it is no image.
  public let example: ImageShape
  /// Width of an example.
  public var inputCount: Int { example.count }
  /// Width of the output layer.
  public let outputCount: Int

  /// - Throws: ``DataError`` when the specification contradicts itself or the data do not allow it.
  public init(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) {
    try specification.validate()
    let frame = try specification.frame(of: data)
    let groups = try ClassGroups(specification, data: data, seed: seed)
    let views = specification.kind.views(
      of: data, in: frame, taskCount: specification.taskCount, seed: seed)
    let train = TaskSubsets(
      part: data.train, names: data.classNames, kind: .train, limit: specification.examplesPerTask,
      seed: seed)
    let test = TaskSubsets(
      part: data.test, names: data.classNames, kind: .test,
      limit: specification.testExamplesPerTask, seed: seed)
    self.data = data
    example = frame.padded
    outputCount = groups.outputCount
    var tasks: [Task] = []
    for index in 0..<specification.taskCount {
      let classes = groups.classes[index]
      // A split stream shows the same view of different classes, the others the reverse.
      let name =
        views[index].name ?? classes.map { data.classNames[$0] }.joined(separator: "-")
      // The examples of equal classes are looked up once and share their memory.
      let twin = tasks.last.flatMap { $0.classes == classes ? $0 : nil }
      tasks.append(
        Task(
          name: name, classes: classes, firstUnit: groups.firstUnit[index],
          trainIndices: try train.indices(of: index, name, classes, like: twin?.trainIndices),
          testIndices: try test.indices(of: index, name, classes, like: twin?.testIndices),
          inputs: views[index].map, active: groups.active[index],
          evaluationActive: groups.evaluationActive[index]))
    }
    self.tasks = tasks
  }

  /// The width of the output layer that a stream will have.
  ///
  /// - Throws: ``DataError`` as the stream itself would.
  public static func outputCount(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) -> Int {
    try specification.validate()
    return try ClassGroups(specification, data: data, seed: seed).outputCount
  }

  /// The shape that each task's view of an example takes.
  ///
  /// - Throws: ``DataError`` as the stream itself would.
  public static func example(
    _ specification: StreamSpecification, data: DataSet
  ) throws(DataError) -> ImageShape {
    try specification.validate()
    return try specification.frame(of: data).padded
  }

  /// Writes the inputs of a training example.
  ///
  /// - Parameter row: `inputCount` floats.
  public func write(_ example: Example, to row: UnsafeMutablePointer<Float>) {
    data.train.write(example.index, through: tasks[example.task].inputs, to: row)
  }

  /// The output unit of a training example.
  public func unit(of example: Example) -> Int {
    tasks[example.task].unit(ofClass: data.train.label(example.index))
  }

  /// Writes the inputs of a task's test example.
  ///
  /// - Parameters:
  ///   - index: In the task's `testIndices`.
  ///   - row: `inputCount` floats.
  public func writeTest(_ index: Int, of task: Int, to row: UnsafeMutablePointer<Float>) {
    data.test.write(tasks[task].testIndices[index], through: tasks[task].inputs, to: row)
  }

  /// The output unit of a task's test example.
  ///
  /// - Parameter index: In the task's `testIndices`.
  public func testUnit(_ index: Int, of task: Int) -> Int {
    tasks[task].unit(ofClass: data.test.label(tasks[task].testIndices[index]))
  }
}
