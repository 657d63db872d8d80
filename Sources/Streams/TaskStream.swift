import Tensors

/// One task: which examples, which outputs, and how images become inputs.
public struct Task: Sendable {
  /// `0-1`, `permutation 3`, `40°`.
  public let name: String
  /// The data set's classes in it, in the order of their output units.
  public let classes: [Int]
  /// Which images of the training part.
  public let trainIndices: [Int]
  /// Which images of the test part.
  public let testIndices: [Int]
  public let pixels: PixelMap
  /// Output units over which the training loss runs.
  public let active: Range<Int>
  /// Output units among which a test answer is chosen.
  public let evaluationActive: Range<Int>
  fileprivate let firstUnit: Int

  /// The output unit of one of its classes.
  public func unit(ofClass label: Int) -> Int {
    guard let place = classes.firstIndex(of: label) else {
      preconditionFailure("class \(label) is not in task \(name)")
    }
    return firstUnit + place
  }
}

/// A training example of a stream: an image as one task shows it.
public struct Example: Sendable, Hashable {
  /// 0-based task.
  public let task: Int
  /// Place of the image in the training part of the data set.
  public let index: Int
}

/// What is trained between two boundaries: usually one task, for joint training all of them.
public struct Stage: Sendable {
  /// 0-based tasks.
  public let tasks: [Int]
  public let examples: [Example]
}

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

  /// - Throws: ``DataError`` when the data do not allow the stream.
  public init(
    _ specification: StreamSpecification, data: DataSet, seed: UInt64
  ) throws(DataError) {
    let groups = try ClassGroups(specification, classCount: data.classCount, seed: seed)
    let maps = Self.maps(specification, data, seed: seed)
    self.data = data
    inputCount = maps[0].inputCount
    outputCount = groups.outputCount
    var tasks: [Task] = []
    for task in 0..<specification.taskCount {
      tasks.append(
        Task(
          name: Self.name(of: task, specification, groups.classes[task], seed: seed),
          classes: groups.classes[task],
          trainIndices: try Self.indices(
            of: task, data.train, groups.classes[task], limit: specification.examplesPerTask,
            seed: seed, part: "training"),
          testIndices: try Self.indices(
            of: task, data.test, groups.classes[task], limit: specification.testExamplesPerTask,
            seed: seed, part: "test"),
          pixels: maps[task], active: groups.active[task],
          evaluationActive: groups.evaluationActive[task], firstUnit: groups.firstUnit[task]))
    }
    self.tasks = tasks
  }

  /// One stage a task, or all tasks in one.
  public func stages(joint: Bool) -> [Stage] {
    let single = tasks.indices.map { task in
      Stage(
        tasks: [task],
        examples: tasks[task].trainIndices.map { Example(task: task, index: $0) })
    }
    return joint
      ? [Stage(tasks: Array(tasks.indices), examples: single.flatMap(\.examples))] : single
  }

  /// Writes the inputs of a training example.
  public func write(_ example: Example, to row: UnsafeMutablePointer<Float>) {
    write(data.train, example.index, tasks[example.task].pixels, to: row)
  }

  /// The output unit of a training example.
  public func unit(of example: Example) -> Int {
    tasks[example.task].unit(ofClass: Int(data.train.labels[example.index]))
  }

  /// Writes the inputs of a test example of a task, `place` being its place in `testIndices`.
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
    images.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      map.write(base + index * images.height * images.width, to: row)
    }
  }
}

extension TaskStream {
  private static func maps(
    _ specification: StreamSpecification, _ data: DataSet, seed: UInt64
  ) -> [PixelMap] {
    let (height, width) = (data.train.height, data.train.width)
    let (padding, normalization) = (specification.padding, specification.normalization)
    let plain = PixelMap.identity(
      height: height, width: width, padding: padding, normalization)
    return (0..<specification.taskCount).map { task in
      switch specification.kind {
      case .split: return plain
      case .permuted:
        guard task > 0 else { return plain }
        var random = RandomStream(seed: seed, purpose: .permutation, node: task)
        return .permuted(
          random.permutation(of: plain.inputCount), height: height, width: width,
          padding: padding, normalization)
      case .rotated(let angles, let interpolation):
        return .rotated(
          byDegrees: angle(of: task, angles, specification.taskCount, seed: seed), interpolation,
          height: height, width: width, padding: padding, normalization)
      }
    }
  }

  private static func angle(
    of task: Int, _ angles: StreamSpecification.Angles, _ taskCount: Int, seed: UInt64
  ) -> Double {
    switch angles {
    case .explicit(let list): return list[task]
    case .randomBins(let span):
      var random = RandomStream(seed: seed, purpose: .rotation, node: task)
      let bin = span / Double(taskCount)
      return bin * Double(task) + random.uniform(in: 0...bin)
    }
  }

  private static func name(
    of task: Int, _ specification: StreamSpecification, _ classes: [Int], seed: UInt64
  ) -> String {
    switch specification.kind {
    case .split: return classes.map(String.init).joined(separator: "-")
    case .permuted: return task == 0 ? "original" : "permutation \(task)"
    case .rotated(let angles, _):
      let degrees = angle(of: task, angles, specification.taskCount, seed: seed)
      return "\(Int(degrees.rounded()))°"
    }
  }

  private static func indices(
    of task: Int, _ images: ImageSet, _ classes: [Int], limit: Int?, seed: UInt64, part: String
  ) throws(DataError) -> [Int] {
    var isMember = [Bool](repeating: false, count: 256)
    for label in classes { isMember[label] = true }
    let all = images.labels.indices.filter { isMember[Int(images.labels[$0])] }
    guard !all.isEmpty else {
      throw DataError("task \(task + 1) has no \(part) image of its classes \(classes)")
    }
    guard let limit, limit < all.count else { return all }
    var random = RandomStream(
      seed: seed, purpose: .subset, node: task, step: part == "test" ? 1 : 0)
    return random.permutation(of: all.count).prefix(limit).sorted().map { all[$0] }
  }
}
