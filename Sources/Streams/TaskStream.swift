public import Tensors

/// A sequence of tasks made from one data set, or from several joined.
///
/// Classes are numbered as output units in the order of their first appearance, so that the active
/// units of a task are always one contiguous range, and so are those of the tasks so far.
public struct TaskStream: Sendable {
  public let tasks: [Task]
  public let data: DataSet
  /// An example as a network takes it, with its padding; one row where it is no image.
  public let example: ImageShape
  /// Width of an example.
  public var inputCount: Int { example.count }
  /// Width of the output layer.
  public let outputCount: Int
  private let timeNoise: TimeNoise?

  /// - Throws: ``DataError`` when the specification contradicts itself or the data do not allow it.
  public init(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) {
    try specification.validate()
    let frame = try specification.frame(of: data)
    let given = try specification.order.listed(specification.taskCount)
    var made = try Self.tasks(specification, frame, given, data, seed: seed)
    if case .rule(let rule) = specification.order {
      guard data.train.text == nil else {
        throw DataError(
          "stream.order \(rule.rawValue) compares tasks by quantities, but data set \(data.name) "
            + "has words; use given or a list of tasks")
      }
      let profiles = TaskProfiles(made.tasks, of: data, inputCount: frame.padded.count)
      made = try Self.tasks(specification, frame, rule.order(of: profiles), data, seed: seed)
    }
    self.data = data
    tasks = made.tasks
    example = Self.example(frame, made.groups, data)
    outputCount = made.groups.outputCount
    timeNoise = data.train.text.flatMap {
      TimeNoise(share: specification.kind.timeNoise, text: $0, seed: seed)
    }
  }

  /// By rule: how far it would rank the tasks' order up (``OrderRule/score(of:_:)``); `nil` for
  /// texts, whose tasks no rule compares. Looks at the data.
  public var orderScores: [OrderRule: Double]? {
    guard data.train.text == nil else { return nil }
    let profiles = TaskProfiles(tasks, of: data, inputCount: inputCount)
    return Dictionary(
      uniqueKeysWithValues: OrderRule.allCases.map {
        ($0, $0.score(of: Array(tasks.indices), profiles))
      })
  }

  /// The tasks in an order; what is drawn for a task does not depend on its place.
  ///
  /// - Parameter order: Numbers of the tasks as the stream's kind makes them.
  private static func tasks(
    _ specification: StreamSpecification, _ frame: InputMap.Frame, _ order: [Int], _ data: DataSet,
    seed: UInt64
  ) throws(DataError) -> (tasks: [Task], groups: ClassGroups) {
    let groups = try ClassGroups(specification, data: data, order: order, seed: seed)
    let views = specification.kind.views(
      of: data, in: frame, taskCount: specification.taskCount, seed: seed)
    let train = TaskSubsets(
      part: data.train, names: data.classNames, kind: .train, limit: specification.examplesPerTask,
      seed: seed, without: try specification.classesLeftOut(of: data))
    let test = TaskSubsets(
      part: data.test, names: data.classNames, kind: .test,
      limit: specification.testExamplesPerTask, seed: seed)
    let sections = try specification.kind.sections(
      of: data, taskCount: specification.taskCount)
    var tasks: [Task] = []
    for (index, number) in order.enumerated() {
      let classes = groups.classes[index]
      // A split stream shows the same view of different classes, the others the reverse.
      let name =
        views[number].name ?? classes.map { data.classNames[$0] }.joined(separator: "-")
      // The examples of equal classes are looked up once and share their memory.
      let twin = tasks.last.flatMap { $0.classes == classes && sections == nil ? $0 : nil }
      let section = sections?[number]
      tasks.append(
        Task(
          name: name, classes: classes, units: groups.units[index],
          trainIndices: try train.indices(
            of: number, name, classes, section: section, like: twin?.trainIndices),
          testIndices: try test.indices(
            of: number, name, classes, section: section, like: twin?.testIndices),
          inputs: views[number].map, active: groups.active[index],
          evaluationActive: groups.evaluationActive[index]))
    }
    return (tasks, groups)
  }

  /// The width of the output layer that a stream will have.
  ///
  /// - Throws: ``DataError`` as the stream itself would.
  public static func outputCount(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) -> Int {
    try specification.validate()
    let order = try specification.order.listed(specification.taskCount)
    return try ClassGroups(specification, data: data, order: order, seed: seed).outputCount
  }

  /// The shape that each task's view of an example takes.
  ///
  /// - Throws: ``DataError`` as the stream itself would.
  public static func example(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) -> ImageShape {
    try specification.validate()
    // A rule orders tasks of quantities only, whose examples tell nothing of the order.
    let order = try specification.order.listed(specification.taskCount)
    return example(
      try specification.frame(of: data),
      try ClassGroups(specification, data: data, order: order, seed: seed), data)
  }

  /// The padded example; of a text with the words that its output units stand for, which the labels
  /// of its classes are.
  private static func example(
    _ frame: InputMap.Frame, _ groups: ClassGroups, _ data: DataSet
  ) -> ImageShape {
    guard let text = data.train.text else { return frame.padded }
    var answers = Array(repeating: 1, count: groups.outputCount)
    for (units, classes) in zip(groups.units, groups.classes) {
      for (unit, label) in zip(units, classes) { answers[unit] = data.labels[label] }
    }
    return ImageShape(text.with(answers: answers))
  }

  /// Writes the inputs of a training example.
  ///
  /// - Parameters:
  ///   - moment: When it is trained, for what differs each time that it is shown; `nil`: as it is.
  ///   - row: `inputCount` floats.
  public func write(
    _ example: Example, at moment: (stage: Int, step: Int)? = nil,
    to row: UnsafeMutablePointer<Float>
  ) {
    data.train.write(example.index, through: tasks[example.task].inputs, to: row)
    guard let timeNoise, let moment else { return }
    timeNoise.disturb(row, example: example.index, stage: moment.stage, step: moment.step)
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

  /// Which of its task's classes a test example has.
  ///
  /// - Parameter index: In the task's `testIndices`.
  public func testClass(_ index: Int, of task: Int) -> Int {
    tasks[task].place(ofClass: data.test.label(tasks[task].testIndices[index]))
  }
}
