import Settings
import Tensors
import Testing

@testable import Streams

@Suite struct `A stream of data sets` {
  /// Images of 2×3 whose first pixel is `value`, two of each label.
  private func set(_ name: String, _ labels: [Int32], value: UInt8, width: Int = 3) throws
    -> DataSet
  {
    func images(_ labels: [Int32]) -> ImageSet {
      ImageSet(
        shape: ImageShape(height: 2, width: width),
        pixels: labels.flatMap {
          [value, UInt8($0)] + [UInt8](repeating: 9, count: 2 * width - 2)
        },
        labels: labels)
    }
    return try DataSet(name: name, train: images(labels + labels), test: images(labels))
  }

  private func stream(
    _ scenario: Scenario, _ sets: [DataSet], seed: UInt64 = 1
  ) throws -> TaskStream {
    var wanted = specification(DataSetStream(sets.map(\.name)), tasks: sets.count, scenario)
    wanted.lossClasses = .seen
    return try TaskStream(wanted, data: DataSet(joining: sets), seed: seed)
  }

  @Test func `has a task for each, with its own examples and its name`() throws {
    let sets = [try set("a", [0, 1], value: 50), try set("b", [3, 7], value: 60)]
    let stream = try stream(.task, sets)
    #expect(stream.tasks.map(\.name) == ["a", "b"])
    #expect(stream.tasks.map(\.trainIndices) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(stream.tasks.map(\.testIndices) == [[0, 1], [2, 3]])
    let row = inputs(stream, Example(task: 1, index: 5))
    #expect(row[0] == Float(60.0 / 255) && row[1] == Float(7.0 / 255))
    var test = [Float](repeating: 0, count: 6)
    stream.writeTest(0, of: 1, to: &test)
    #expect(test[0] == Float(60.0 / 255) && test[1] == Float(3.0 / 255))
    #expect(stream.data.labels == [0, 1, 3, 7])
    #expect(stream.data.classNames == ["a 0", "a 1", "b 3", "b 7"])
    #expect(
      stream.data.name == "a+b" && stream.data.remark?.contains("b: the labels 3 and 7") == true)
  }

  @Test func `has units by scenario as a split has`() throws {
    let sets = [try set("a", [0, 1], value: 1), try set("b", [5, 6], value: 2)]
    let domain = try stream(.domain, sets)
    #expect(domain.outputCount == 2 && domain.tasks.map(\.active) == [0..<2, 0..<2])
    // The second class of each set shares a unit.
    #expect(domain.unit(of: Example(task: 0, index: 1)) == 1)
    #expect(domain.unit(of: Example(task: 1, index: 5)) == 1)
    let task = try stream(.task, sets)
    #expect(task.outputCount == 4 && task.tasks.map(\.evaluationActive) == [0..<2, 2..<4])
    let all = try stream(.class, sets)
    #expect(all.tasks.map(\.active) == [0..<2, 0..<4])
    #expect(all.tasks.map(\.evaluationActive) == [0..<4, 0..<4] && all.testUnit(1, of: 1) == 3)
  }

  @Test func `may have sets of unequal classes unless they share units`() throws {
    let sets = [try set("a", [0, 1], value: 1), try set("b", [0, 1, 2], value: 2)]
    #expect(try stream(.class, sets).outputCount == 5)
    #expect(
      throws: DataError(
        "stream.scenario domain needs as many classes in every task; the tasks have [2, 3]; use "
          + "scenario task or class")
    ) { try stream(.domain, sets) }
  }

  @Test func `needs sets that are alike, and one a task`() throws {
    let sets = [try set("a", [0, 1], value: 1), try set("b", [0, 1], value: 2, width: 4)]
    #expect(
      throws: DataError(
        "data set a has images of 2×3 but b has images of 2×4; the data sets of a stream must be "
          + "alike")
    ) { try DataSet(joining: sets) }
    #expect(
      throws: DataError(
        "stream.sets names 2 data sets for 3 tasks (stream.tasks); name one a task")
    ) { try DataSetStream(["a", "b"]).validate(taskCount: 3) }
    #expect(throws: DataError("stream.sets names a twice; name different data sets")) {
      try DataSetStream(["a", "b", "a"]).validate(taskCount: 3)
    }
    #expect(
      throws: DataError("a is not the 2 data sets that stream.sets names; load those")
    ) {
      try TaskStream(
        specification(DataSetStream(["a", "b"]), tasks: 2), data: sets[0], seed: 1)
    }
  }

  @Test func `has a fingerprint of all its examples`() throws {
    func digest(_ data: DataSet) -> [UInt8] {
      var bytes: [UInt8] = []
      data.train.digest { bytes += $0 }
      return bytes
    }
    let (a, b) = (try set("a", [0, 1], value: 1), try set("b", [0, 1], value: 2))
    #expect(digest(try DataSet(joining: [a, b])) == digest(a) + digest(b))
    #expect(
      try DataSet(joining: [a, b]).train.byteCount == a.train.byteCount + b.train.byteCount + 32)
  }
}

@Suite struct `Kinds of streams` {
  @Test func `have names of their own`() {
    let names = StreamKinds.all.map { $0.name }
    #expect(Set(names).count == names.count && names.contains("datasets"))
  }
}
