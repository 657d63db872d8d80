import Tensors
import Testing

@testable import Streams

@Suite struct `Task stream` {
  /// The inputs that pixel values become.
  private func levels(_ pixels: Range<Int>) -> [Float] { pixels.map { Float(Double($0) / 255) } }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `gives each image of a split to the one task of its class`(seed: UInt64) throws {
    let data = try toySet()
    let stream = try TaskStream(specification(.split(.drawn)), data: data, seed: seed)
    #expect(stream.tasks.flatMap(\.classes).sorted() == Array(0..<6))
    #expect(stream.tasks.flatMap(\.trainIndices).sorted() == Array(0..<30))
    #expect(stream.tasks.flatMap(\.testIndices).sorted() == Array(0..<12))
    for task in stream.tasks {
      #expect(task.trainIndices.allSatisfy { task.classes.contains(data.train.label($0)) })
      #expect(task.testIndices.allSatisfy { task.classes.contains(data.test.label($0)) })
      #expect(task.trainIndices == task.trainIndices.sorted())
    }
  }

  @Test func `names tasks and takes classes by the labels of the data`() throws {
    func images(_ labels: [Int32]) -> ImageSet {
      ImageSet(
        shape: ImageShape(height: 1, width: 1), pixels: labels.map { UInt8($0) }, labels: labels)
    }
    let labels: [Int32] = [7, 4, 2, 1, 1, 2, 4, 7]
    let data = try DataSet(name: "d", train: images(labels), test: images(labels))
    let four = try TaskStream(specification(tasks: 4, .domain), data: data, seed: 1)
    #expect(four.tasks.map(\.name) == ["1", "2", "4", "7"])
    #expect(four.outputCount == 1 && four.tasks.map(\.trainIndices.count) == [2, 2, 2, 2])
    let two = try TaskStream(specification(tasks: 2, .task), data: data, seed: 1)
    #expect(two.tasks.map(\.name) == ["1-2", "4-7"] && two.outputCount == 4)
    #expect(two.tasks.map(\.trainIndices) == [[2, 3, 4, 5], [0, 1, 6, 7]])
    #expect(two.tasks[1].evaluationActive == 2..<4)
    let listed = try TaskStream(
      specification(.split(.explicit([[7, 2], [1]])), tasks: 2, .class), data: data, seed: 1)
    #expect(listed.tasks.map(\.name) == ["7-2", "1"] && listed.outputCount == 3)
    // Image 0 shows a 7, the first class of the first task; image 3 a 1.
    #expect(listed.unit(of: Example(task: 0, index: 0)) == 0)
    #expect(listed.unit(of: Example(task: 1, index: 3)) == 2)
    let permuted = try TaskStream(specification(.permuted, tasks: 2, .domain), data: data, seed: 1)
    #expect(permuted.outputCount == 4)
    #expect(
      throws: DataError(
        "stream.classes must list 2 groups (stream.tasks) of different classes by their labels 1, "
          + "2, 4 and 7")
    ) {
      try TaskStream(
        specification(.split(.explicit([[0], [1]])), tasks: 2), data: data, seed: 1)
    }
  }

  @Test func `groups classes in order, by seed or as listed`() throws {
    let data = try toySet()
    func classes(_ grouping: SplitStream.Grouping, seed: UInt64) throws -> [[Int]] {
      try TaskStream(specification(.split(grouping)), data: data, seed: seed).tasks.map(\.classes)
    }
    #expect(try classes(.fixed, seed: 1) == [[0, 1], [2, 3], [4, 5]])
    #expect(try classes(.explicit([[3], [5, 0], [1]]), seed: 1) == [[3], [5, 0], [1]])
    #expect(try classes(.drawn, seed: 1) == classes(.drawn, seed: 1))
    let draws = try (0..<10).map { try classes(.drawn, seed: $0) }
    #expect(Set(draws).count > 5)
  }

  @Test func `trains on training images and tests on test images`() throws {
    let stream = try TaskStream(specification(), data: try toySet(), seed: 1)
    // Class 3 is in task 1; image 9 of the training part is its second.
    #expect(inputs(stream, Example(task: 1, index: 9)) == levels(63..<69))
    #expect(stream.unit(of: Example(task: 1, index: 9)) == 3)
    var row = [Float](repeating: -1, count: 6)
    stream.writeTest(2, of: 1, to: &row)
    // The third test image of classes 2 and 3 is image 8.
    #expect(row == levels(156..<162))
    #expect(stream.testUnit(2, of: 1) == 2)
  }

  @Test func `normalises pixels and their padding`() throws {
    var wanted = specification(tasks: 1)
    wanted.padding = 1
    wanted.normalization = .init(mean: 0.1, deviation: 0.5)
    let stream = try TaskStream(wanted, data: try toySet(), seed: 1)
    #expect(stream.inputCount == 4 * 5)
    let row = inputs(stream, Example(task: 0, index: 1))
    let paper = Float(-0.1 / 0.5)
    func pixel(_ value: Double) -> Float { Float((value / 255 - 0.1) / 0.5) }
    #expect(
      row == [
        paper, paper, paper, paper, paper,
        paper, pixel(7), pixel(8), pixel(9), paper,
        paper, pixel(10), pixel(11), pixel(12), paper,
        paper, paper, paper, paper, paper,
      ])
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `takes a random subset of the asked size, nested in larger ones`(seed: UInt64) throws {
    func stream(_ train: Int?, _ test: Int?, seed: UInt64) throws -> TaskStream {
      var wanted = specification(tasks: 2, .domain)
      (wanted.examplesPerTask, wanted.testExamplesPerTask) = (train, test)
      return try TaskStream(
        wanted, data: try toySet(perClass: 40, testPerClass: 10), seed: seed)
    }
    let all = try stream(nil, nil, seed: seed)
    let (large, small) = (try stream(70, 20, seed: seed), try stream(15, 4, seed: seed))
    for index in 0..<2 {
      #expect(large.tasks[index].trainIndices.count == 70)
      #expect(large.tasks[index].testIndices.count == 20)
      #expect(small.tasks[index].trainIndices.count == 15)
      #expect(small.tasks[index].testIndices.count == 4)
      let (few, many) = (small.tasks[index].trainIndices, large.tasks[index].trainIndices)
      #expect(Set(few).isSubset(of: many) && Set(many).isSubset(of: all.tasks[index].trainIndices))
      #expect(Set(few).count == 15)
    }
    #expect(try stream(15, 4, seed: seed).tasks[0].trainIndices == small.tasks[0].trainIndices)
    #expect(try stream(15, 4, seed: seed + 9).tasks[0].trainIndices != small.tasks[0].trainIndices)
    #expect(try stream(120, 30, seed: seed).tasks[1].trainIndices == all.tasks[1].trainIndices)
  }

  @Test func `draws training and test images apart`() throws {
    var wanted = specification(tasks: 1)
    (wanted.examplesPerTask, wanted.testExamplesPerTask) = (30, 30)
    let stream = try TaskStream(wanted, data: try toySet(perClass: 20, testPerClass: 20), seed: 1)
    #expect(stream.tasks[0].trainIndices != stream.tasks[0].testIndices)
  }

  @Test func `draws each transformed task's subset anew`() throws {
    var wanted = specification(.permuted, .domain)
    wanted.examplesPerTask = 12
    let stream = try TaskStream(wanted, data: try toySet(perClass: 20), seed: 1)
    #expect(Set(stream.tasks.map(\.trainIndices)).count == 3)
    wanted.examplesPerTask = nil
    let all = try TaskStream(wanted, data: try toySet(perClass: 20), seed: 1)
    #expect(all.tasks.allSatisfy { $0.trainIndices == Array(0..<120) })
    #expect(all.tasks.allSatisfy { $0.testIndices == Array(0..<12) })
  }

  @Test func `names its tasks`() throws {
    func names(_ kind: any StreamKind) throws -> [String] {
      try TaskStream(specification(kind, .domain), data: try toySet(), seed: 1).tasks.map(\.name)
    }
    #expect(try names(.split(.fixed)) == ["0-1", "2-3", "4-5"])
    #expect(try names(.permuted) == ["original", "permutation 1", "permutation 2"])
    #expect(
      try names(.rotated(.explicit([0, 22.54, -0.5]), .nearest)) == ["0°", "22.5°", "-0.5°"])
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `permutes every task but the first, each in its own way`(seed: UInt64) throws {
    let data = try toySet(height: 5, width: 4)
    let stream = try TaskStream(specification(.permuted, .domain), data: data, seed: seed)
    let rows = (0..<3).map { inputs(stream, Example(task: $0, index: 0)) }
    #expect(rows[0] == levels(0..<20))
    #expect(rows[1].sorted() == rows[0] && rows[2].sorted() == rows[0])
    #expect(Set(rows).count == 3)
    // One permutation for all images of a task: image 2 is image 0 plus 14 everywhere.
    let other = inputs(stream, Example(task: 1, index: 2))
    let differences = zip(other, rows[1]).map { $0 - $1 - 14 / 255 }
    #expect(differences.allSatisfy { abs($0) < 1e-6 })
    let again = try TaskStream(specification(.permuted, .domain), data: data, seed: seed)
    #expect(inputs(again, Example(task: 2, index: 0)) == rows[2])
    let different = try TaskStream(specification(.permuted, .domain), data: data, seed: seed + 7)
    #expect(inputs(different, Example(task: 2, index: 0)) != rows[2])
  }

  @Test func `permutes the padding too`() throws {
    var wanted = specification(.permuted, tasks: 2, .domain)
    wanted.padding = 1
    let stream = try TaskStream(wanted, data: try toySet(), seed: 4)
    #expect(stream.inputCount == 20)
    let row = inputs(stream, Example(task: 1, index: 1))
    #expect(row.sorted() == inputs(stream, Example(task: 0, index: 1)).sorted())
    #expect(row != inputs(stream, Example(task: 0, index: 1)))
  }

  @Test func `has a stage per task, or one with all`() throws {
    let stream = try TaskStream(specification(), data: try toySet(), seed: 1)
    let single = stream.stages(joint: false)
    #expect(single.map(\.tasks) == [[0], [1], [2]])
    #expect(single.map { $0.examples.map(\.index) } == stream.tasks.map(\.trainIndices))
    #expect(
      single.enumerated().allSatisfy { stage in
        stage.element.examples.allSatisfy { $0.task == stage.offset }
      })
    let joint = stream.stages(joint: true)
    #expect(joint.count == 1 && joint[0].tasks == [0, 1, 2])
    #expect(joint[0].examples == single.flatMap(\.examples))
  }
}
