public import Settings

/// Each task is a section of a data set of questions.
///
/// Different sections may have answers in common. Under scenario `class` one softmax runs over all
/// answers, of which each has one unit, so that it is class-incremental with label sets that
/// overlap. Under scenario `task` each task has units for its own answers only: as where the
/// softmax is masked to the task's answers, which is task-incremental.
public struct QuestionStream: StreamKind {
  /// `stream.kind`.
  public static let name = "questions"
  /// Which sections, and the noise of training.
  public static let keys: [Key<QuestionStream>] = [
    .integers(
      "sections", \.sections, 0...Int(Int32.max),
      "A section of the data set for each task, by number; an empty list: the first ones."),
    .number(
      "time-noise", \.timeNoise, .fraction,
      "In training, blank sentences come between those of a text: so many for each."),
  ]

  /// One a task, by number; none: the first of the data set.
  public var sections: [Int] = []
  /// In 0…1.
  public var timeNoise = 0.1

  /// The first sections of the data set.
  public init() {}

  /// A section's examples are its own.
  public var partsClasses: Bool { true }
  /// A word is one answer in all sections.
  public var sharesAnswers: Bool { true }

  /// - Throws: ``DataError`` when there is not a different one for each task.
  public func validate(taskCount: Int) throws(DataError) {
    guard sections.isEmpty || sections.count == taskCount else {
      throw DataError(
        "stream.sections names \(sections.count) sections for \(taskCount) tasks (stream.tasks); "
          + "name one a task")
    }
    if let twice = sections.indices.first(where: { sections[..<$0].contains(sections[$0]) }) {
      throw DataError("stream.sections names \(sections[twice]) twice; name different sections")
    }
  }

  /// By task, its section.
  ///
  /// - Throws: ``DataError`` when the data have no such section, or too few.
  public func sections(of data: DataSet, taskCount: Int) throws(DataError) -> [Int]? {
    try chosen(of: data, taskCount: taskCount).map(\.number)
  }

  /// By task, the answers of its section.
  ///
  /// - Throws: ``DataError`` when the data have no such section, or too few.
  public func classes(
    of data: DataSet, taskCount: Int, seed: UInt64
  ) throws(DataError) -> [[Int]] {
    var answers: [Int32: Set<Int>] = [:]
    for part in [data.train, data.test] {
      for (section, label) in zip(part.sections, part.labels) {
        answers[section, default: []].insert(Int(label))
      }
    }
    return try chosen(of: data, taskCount: taskCount).map {
      (answers[Int32($0.number)] ?? []).sorted()
    }
  }

  /// Each task shows its section as it is and is called by its name.
  public func views(
    of data: DataSet, in frame: InputMap.Frame, taskCount: Int, seed: UInt64
  ) -> [TaskView] {
    let map = InputMap.identity(frame)
    let sections = (try? chosen(of: data, taskCount: taskCount)) ?? []
    return sections.map { TaskView(map: map, name: $0.name) }
  }

  private func chosen(
    of data: DataSet, taskCount: Int
  ) throws(DataError) -> [DataSet.Section] {
    guard !data.sections.isEmpty else {
      throw DataError(
        "data set \(data.name) has no sections, which stream.kind questions makes tasks of; use "
          + "another stream.kind, or data.set stories")
    }
    guard !sections.isEmpty else {
      guard taskCount <= data.sections.count else {
        throw DataError(
          "data set \(data.name) has \(data.sections.count) sections for \(taskCount) tasks; lower "
            + "stream.tasks")
      }
      return Array(data.sections.prefix(taskCount))
    }
    var found: [DataSet.Section] = []
    for number in sections {
      guard let section = data.sections.first(where: { $0.number == number }) else {
        throw DataError(
          "stream.sections names \(number), but data set \(data.name) has "
            + "\(LabelList.words(data.sections.map(\.number)))")
      }
      found.append(section)
    }
    return found
  }
}
