/// A sequence of tasks made from one data set.
///
/// Classes are numbered as output units in the order of their first appearance, so that the active
/// units of a task are always one contiguous range.
public struct TaskStream: Sendable {
  public let tasks: [Task]
  public let data: DataSet
  /// Width of an example.
  public let inputCount: Int
  /// Width of the output layer.
  public let outputCount: Int

  /// - Throws: ``DataError`` when the specification contradicts itself or the data do not allow it.
  public init(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) {
    try specification.validate()
    let groups = try ClassGroups(specification, labels: data.labels, seed: seed)
    let views = TaskView.all(
      of: specification, height: data.train.height, width: data.train.width, seed: seed)
    let train = TaskSubsets(
      images: data.train, labels: data.labels, part: .train, limit: specification.examplesPerTask,
      seed: seed)
    let test = TaskSubsets(
      images: data.test, labels: data.labels, part: .test, limit: specification.testExamplesPerTask,
      seed: seed)
    self.data = data
    inputCount = views[0].pixels.inputCount
    outputCount = groups.outputCount
    var tasks: [Task] = []
    for index in 0..<specification.taskCount {
      let classes = groups.classes[index]
      // A split stream shows the same view of different classes, the others the reverse.
      let name =
        views[index].name ?? classes.map { "\(data.labels[$0])" }.joined(separator: "-")
      // The images of equal classes are looked up once and share their memory.
      let twin = tasks.last.flatMap { $0.classes == classes ? $0 : nil }
      tasks.append(
        Task(
          name: name, classes: classes, firstUnit: groups.firstUnit[index],
          trainIndices: try train.indices(of: index, name, classes, like: twin?.trainIndices),
          testIndices: try test.indices(of: index, name, classes, like: twin?.testIndices),
          pixels: views[index].pixels, active: groups.active[index],
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
    return try ClassGroups(specification, labels: data.labels, seed: seed).outputCount
  }

  /// Writes the inputs of a training example.
  ///
  /// - Parameter row: `inputCount` floats.
  public func write(_ example: Example, to row: UnsafeMutablePointer<Float>) {
    write(data.train, example.index, tasks[example.task].pixels, to: row)
  }

  /// The output unit of a training example.
  public func unit(of example: Example) -> Int {
    tasks[example.task].unit(ofClass: Int(data.train.labels[example.index]))
  }

  /// Writes the inputs of a test example of a task, `place` being its place in `testIndices`.
  ///
  /// - Parameter row: `inputCount` floats.
  public func writeTest(_ place: Int, of task: Int, to row: UnsafeMutablePointer<Float>) {
    write(data.test, tasks[task].testIndices[place], tasks[task].pixels, to: row)
  }

  /// The output unit of a test example of a task.
  public func testUnit(_ place: Int, of task: Int) -> Int {
    tasks[task].unit(ofClass: Int(data.test.labels[tasks[task].testIndices[place]]))
  }

  private func write(
    _ images: ImageSet, _ index: Int, _ map: PixelMap, to row: UnsafeMutablePointer<Float>
  ) {
    precondition(images.labels.indices.contains(index), "the image is in the data set")
    images.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      map.write(base + index * images.height * images.width, to: row)
    }
  }
}
