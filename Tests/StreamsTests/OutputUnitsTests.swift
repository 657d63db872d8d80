import Settings
import Streams
import Testing

@Suite struct `Output units` {
  private func stream(_ specification: StreamSpecification) throws -> TaskStream {
    try TaskStream(specification, data: try toySet(), seed: 3)
  }

  @Test func `of a task-incremental split are a head per task`() throws {
    let stream = try stream(specification(.split(.explicit([[4, 1], [0, 2, 5]])), tasks: 2))
    #expect(stream.outputCount == 5)
    #expect(stream.tasks.map(\.active) == [0..<2, 2..<5])
    #expect(stream.tasks.map(\.evaluationActive) == [0..<2, 2..<5])
    #expect([4, 1].map { stream.tasks[0].unit(ofClass: $0) } == [0, 1])
    #expect([0, 2, 5].map { stream.tasks[1].unit(ofClass: $0) } == [2, 3, 4])
  }

  @Test func `of a domain-incremental split are shared by all tasks`() throws {
    let stream = try stream(specification(tasks: 3, .domain))
    #expect(stream.outputCount == 2)
    #expect(stream.tasks.allSatisfy { $0.active == 0..<2 && $0.evaluationActive == 0..<2 })
    #expect([4, 5].map { stream.tasks[2].unit(ofClass: $0) } == [0, 1])
  }

  @Test func `of a class-incremental split are all classes in order of appearance`() throws {
    let groups = [[5, 3], [0], [1, 4, 2]]
    let all = try stream(specification(.split(.explicit(groups)), .class))
    let seen = try stream(specification(.split(.explicit(groups)), .class, loss: .seen))
    #expect(all.outputCount == 6 && seen.outputCount == 6)
    #expect(all.tasks.map(\.active) == [0..<6, 0..<6, 0..<6])
    #expect(seen.tasks.map(\.active) == [0..<2, 0..<3, 0..<6])
    #expect(seen.tasks.allSatisfy { $0.evaluationActive == 0..<6 })
    #expect([1, 4, 2].map { seen.tasks[2].unit(ofClass: $0) } == [3, 4, 5])
  }

  @Test(arguments: [PermutedStream.name, RotatedStream.name])
  func `of transformed tasks repeat the classes`(name: String) throws {
    let kinds: [any StreamKind] = [.permuted, .rotated(.explicit([0, 20, 40]), .nearest)]
    let kind = try #require(kinds.first { type(of: $0).name == name })
    let domain = try stream(specification(kind, .domain))
    #expect(domain.outputCount == 6)
    #expect(domain.tasks.allSatisfy { $0.active == 0..<6 && $0.unit(ofClass: 4) == 4 })
    let task = try stream(specification(kind, .task))
    #expect(task.outputCount == 18)
    #expect(task.tasks.map(\.active) == [0..<6, 6..<12, 12..<18])
    #expect(task.tasks.map(\.evaluationActive) == task.tasks.map(\.active))
    let seen = try stream(specification(kind, .class, loss: .seen))
    #expect(seen.outputCount == 18)
    #expect(seen.tasks.map(\.active) == [0..<6, 0..<12, 0..<18])
    #expect(seen.tasks.map(\.evaluationActive) == [0..<18, 0..<18, 0..<18])
    #expect(seen.tasks.map { $0.unit(ofClass: 4) } == [4, 10, 16])
  }

  @Test(arguments: Scenario.allCases, 0..<4 as Range<UInt64>)
  func `of a task lie within what is active and differ`(scenario: Scenario, seed: UInt64) throws {
    for loss in StreamSpecification.LossClasses.allCases {
      let stream = try TaskStream(
        specification(.split(.drawn), scenario, loss: loss), data: try toySet(), seed: seed)
      for task in stream.tasks {
        let units = task.classes.map { task.unit(ofClass: $0) }
        #expect(units == Array(units[0]..<units[0] + units.count))
        #expect(units.allSatisfy { task.active.contains($0) && task.evaluationActive.contains($0) })
        #expect(task.evaluationActive.upperBound <= stream.outputCount)
      }
    }
  }

  @Test func `are not known for a class outside the task`() async {
    await #expect(processExitsWith: .failure) {
      let stream = try TaskStream(specification(), data: try toySet(), seed: 1)
      _ = stream.tasks[0].unit(ofClass: 5)
    }
  }
}
