import Tensors
import Testing

@testable import Streams

@Suite struct `A stream of questions` {
  /// Sections 1, 2 and 5 with answers a b, b c and d; of the second a test question asks for e.
  private func data() throws -> DataSet {
    func section(_ number: Int, _ train: [String], _ test: [String]) throws
      -> DataSet.QuestionSection
    {
      func text(_ answers: [String]) throws -> StoryText {
        try StoryText(
          answers.map { "1 S\(number).\n2 Q?\t\($0)\t" }.joined(separator: "\n"), file: "f")
      }
      return DataSet.QuestionSection(
        DataSet.Section(number: number, name: "qa\(number)", title: "t"), train: try text(train),
        test: try text(test))
    }
    return try DataSet(
      name: "toy",
      questions: [
        section(1, ["a", "b", "a"], ["b"]), section(2, ["c", "b"], ["b", "e"]),
        section(5, ["d", "d"], ["d"]),
      ])
  }

  private func stream(
    _ scenario: Scenario, _ sections: [Int] = [], tasks: Int = 3,
    loss: StreamSpecification.LossClasses = .all, noise: Double = 0
  ) throws -> TaskStream {
    var kind = QuestionStream()
    kind.sections = sections
    kind.timeNoise = noise
    try kind.validate(taskCount: tasks)
    return try TaskStream(
      specification(kind, tasks: tasks, scenario, loss: loss), data: data(), seed: 1)
  }

  @Test func `has a task a section, with its own examples though answers are shared`() throws {
    let stream = try stream(.class)
    #expect(stream.tasks.map(\.name) == ["qa1", "qa2", "qa5"])
    #expect(stream.tasks.map(\.trainIndices) == [[0, 1, 2], [3, 4], [5, 6]])
    #expect(stream.tasks.map(\.testIndices) == [[0], [1, 2], [3]])
    #expect(stream.tasks.map(\.classes) == [[0, 1], [1, 2, 4], [3]])
  }

  @Test func `has one unit an answer where the task is not known`() throws {
    let stream = try stream(.class)
    // In the order of their first appearance: a b, c e, d.
    #expect(stream.outputCount == 5)
    #expect(stream.tasks.map(\.units) == [[0, 1], [1, 2, 3], [4]])
    #expect(stream.tasks.allSatisfy { $0.active == 0..<5 && $0.evaluationActive == 0..<5 })
    #expect(stream.unit(of: Example(task: 0, index: 1)) == 1)
    #expect(stream.unit(of: Example(task: 1, index: 4)) == 1)
    #expect(stream.testUnit(1, of: 1) == 3 && stream.testClass(1, of: 1) == 2)
    let words = stream.example.text?.answers.map { stream.data.vocabulary[$0 - 1] }
    #expect(words == ["a", "b", "c", "e", "d"])
  }

  @Test func `runs its loss over the answers so far, if it is to`() throws {
    let stream = try stream(.class, [5, 1, 2], loss: .seen)
    #expect(stream.tasks.map(\.active) == [0..<1, 0..<3, 0..<5])
    #expect(stream.tasks.map(\.units) == [[0], [1, 2], [2, 3, 4]])
  }

  @Test func `masks to the task's answers where it is known`() throws {
    let stream = try stream(.task)
    #expect(stream.outputCount == 6)
    #expect(stream.tasks.map(\.active) == [0..<2, 2..<5, 5..<6])
    #expect(stream.tasks.map(\.units) == [[0, 1], [2, 3, 4], [5]])
    // Two units of one word: the weights behind them are the same.
    let words = stream.example.text?.answers.map { stream.data.vocabulary[$0 - 1] }
    #expect(words == ["a", "b", "b", "c", "e", "d"])
  }

  @Test func `moves times in training only`() throws {
    let noisy = try stream(.class, noise: 1)
    func time(_ step: Int?) -> Float {
      var row = [Float](repeating: 0, count: noisy.inputCount)
      noisy.write(Example(task: 0, index: 0), at: step.map { (0, $0) }, to: &row)
      let text = noisy.data.train.text
      return row[(text?.lineWidth ?? 0) + (text?.words ?? 0)]
    }
    #expect(time(nil) == 1)
    // A text of one sentence has the one time that there is.
    #expect((0..<20).allSatisfy { time($0) == 1 })
    let row = inputs(noisy, Example(task: 2, index: 5))
    #expect(row == inputs(try stream(.class), Example(task: 2, index: 5)))
  }

  @Test func `may have some sections in any order`() throws {
    let stream = try stream(.class, [5, 1], tasks: 2)
    #expect(stream.tasks.map(\.name) == ["qa5", "qa1"] && stream.outputCount == 3)
  }

  @Test func `refuses what does not fit with a sentence`() throws {
    func sentence(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      sentence { _ = try stream(.class, [1, 2]) }
        == "stream.sections names 2 sections for 3 tasks (stream.tasks); name one a task")
    #expect(
      sentence { _ = try stream(.class, [1, 2, 1]) }
        == "stream.sections names 1 twice; name different sections")
    #expect(
      sentence { _ = try stream(.class, [1, 3, 5]) }
        == "stream.sections names 3, but data set toy has 1, 2 and 5")
    #expect(
      sentence { _ = try stream(.class, tasks: 4) }
        == "data set toy has 3 sections for 4 tasks; lower stream.tasks")
    #expect(
      sentence {
        _ = try TaskStream(
          specification(QuestionStream(), tasks: 2, .class), data: toySet(), seed: 1)
      }.hasPrefix("data set toy has no sections, which stream.kind questions makes tasks of"))
    #expect(
      sentence {
        _ = try TaskStream(specification(.permuted, .domain), data: data(), seed: 1)
      }
        == "data set toy has words, which are no quantities to move about, as stream.kind does; "
        + "use questions")
    #expect(
      sentence {
        var wanted = specification(QuestionStream(), .class)
        wanted.normalization = .init(mean: 1, deviation: 1)
        _ = try TaskStream(wanted, data: data(), seed: 1)
      }.contains("leave data.mean at 0"))
    #expect(
      sentence { _ = try DataSet(joining: [data(), data()]) }.contains("must be alike"))
  }
}

@Suite struct `Stories that the program tells` {
  /// What a reader answers who knows nothing but the rules.
  private func answer(_ question: [String], _ told: ArraySlice<[String]>) -> String {
    let animal = question.first { ["fox", "hare", "owl", "toad"].contains($0) } ?? ""
    let visits = told.filter { $0[1] == animal }.compactMap(\.last)
    switch question[0] {
    case "is": return visits.last == question.last ? "yes" : "no"
    default: return question[1] == "is" ? visits.last ?? "" : visits.dropLast().last ?? ""
    }
  }

  @Test func `have the answers that they should have`() throws {
    let data = Stories.dataSet(trainPerSection: 100, testPerSection: 30)
    #expect(data.train.count == 300 && data.test.count == 90)
    #expect(data.sections.map(\.name) == ["where", "whether", "before"])
    #expect(data.classNames == ["barn", "mill", "no", "pond", "wood", "yes"])
    let text = try #require(data.train.text)
    for index in 0..<data.train.count {
      var row = [Float](repeating: 0, count: data.train.inputCount)
      let frame = InputMap.Frame(shape: ImageShape(text), padding: 0, normalization: .init())
      data.train.write(index, through: .identity(frame), to: &row)
      let lines = (0..<text.lineCount).map { line in
        row[line * text.lineWidth..<line * text.lineWidth + text.words].prefix { $0 > 0 }
          .map { data.vocabulary[Int($0) - 1] }
      }
      let told = lines.dropFirst().filter { !$0.isEmpty }.reversed()
      #expect(
        answer(lines[0], Array(told)[...]) == data.classNames[data.train.label(index)], "\(index)")
    }
  }

  @Test func `of a smaller set are the beginning of a larger one's`() throws {
    let (small, large) = (
      Stories.dataSet(trainPerSection: 8, testPerSection: 2),
      Stories.dataSet(trainPerSection: 20, testPerSection: 2)
    )
    func answers(_ data: DataSet, _ section: Int32) -> [String] {
      zip(data.train.sections, data.train.labels).filter { $0.0 == section }
        .map { data.classNames[Int($0.1)] }
    }
    for section in 1...3 as ClosedRange<Int32> {
      #expect(answers(small, section) == Array(answers(large, section).prefix(8)))
    }
  }
}
