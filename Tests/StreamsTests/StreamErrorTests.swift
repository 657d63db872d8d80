import Streams
import Tensors
import Testing

@Suite struct `Task stream errors` {
  private func expect(
    _ sentence: String, _ specification: StreamSpecification,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let data = try toySet()
    #expect(throws: DataError(sentence), sourceLocation: sourceLocation) {
      try TaskStream(specification, data: data, seed: 1)
    }
  }

  @Test func `name classes that cannot be split evenly`() throws {
    try expect(
      "6 classes cannot be split into 4 equal tasks; choose another stream.tasks or list the groups "
        + "in stream.classes", specification(tasks: 4))
  }

  @Test(arguments: [[[0, 1]], [[0, 1], [1, 2]], [[0, 1], []], [[0, 6], [1]], [[-1], [1]]])
  func `name groups that do not fit`(groups: [[Int]]) throws {
    try expect(
      "stream.classes must list 2 groups (stream.tasks) of different classes between 0 and 5",
      specification(.split(.explicit(groups)), tasks: 2))
  }

  @Test func `name unequal groups under shared outputs`() throws {
    try expect(
      "stream.scenario domain needs as many classes in every task; the tasks have [1, 2]; use scenario "
        + "task or class",
      specification(.split(.explicit([[0], [1, 2]])), tasks: 2, .domain))
  }

  @Test func `name angles that do not fit`() throws {
    try expect(
      "stream.angles has 2 angles for 3 tasks; give one a task, or stream.random-bins",
      specification(.rotated(.explicit([0, 10]), .nearest), .domain))
    try expect(
      "stream.angles has nan; use degrees from -360 to 360",
      specification(.rotated(.explicit([0, .nan, 10]), .nearest), .domain))
    for span in [0, -10, 361, Double.infinity] {
      try expect(
        "stream.random-bins is \(span); use degrees above 0 and up to 360",
        specification(.rotated(.randomBins(span: span), .nearest), .domain))
    }
  }

  @Test func `name numbers out of range`() throws {
    try expect("stream.tasks is 0; a stream has at least one task", specification(tasks: 0))
    var wanted = specification()
    wanted.padding = -1
    try expect("stream.padding is -1; use 0 to 1024 pixels a side", wanted)
    wanted = specification()
    wanted.normalization = .init(mean: 0.5, deviation: 0)
    try expect(
      "data.mean and data.deviation are 0.5 and 0.0; use finite numbers and a deviation above 0",
      wanted)
    wanted = specification()
    wanted.examplesPerTask = 0
    try expect("stream.examples-per-task is 0; a task needs at least one example", wanted)
    wanted = specification()
    wanted.testExamplesPerTask = -2
    try expect("stream.test-examples-per-task is -2; a task needs at least one example", wanted)
  }

  @Test func `name tasks that have fewer examples than asked for`() throws {
    var wanted = specification()
    wanted.examplesPerTask = 11
    try expect(
      "task 1 (0-1) has 10 training examples but stream.examples-per-task is 11; lower it or write "
        + "all", wanted)
    wanted = specification(.permuted, .domain)
    wanted.testExamplesPerTask = 13
    try expect(
      "task 1 (original) has 12 test examples but stream.test-examples-per-task is 13; lower it or "
        + "write all", wanted)
  }

  @Test func `name a task without images`() throws {
    // Class 1 occurs in the training part only.
    let train = toyImages(count: 6, classCount: 3, part: 0)
    let test = ImageSet(
      shape: ImageShape(height: 2, width: 3), pixels: [UInt8](repeating: 1, count: 12),
      labels: [0, 2])
    let data = try DataSet(name: "d", train: train, test: test)
    #expect(
      throws: DataError(
        "task 2 (1) has no test example of its classes 1; leave them out of stream.classes")
    ) { try TaskStream(specification(), data: data, seed: 1) }
  }
}
