import Tensors
import Testing

@testable import Streams

/// Three tasks of two classes each: class c of task t is at one number of two.
private func line(_ places: [[Float]], perClass: Int = 4, spread: Float = 0) throws -> TaskStream {
  var (values, labels): ([Float], [Int32]) = ([], [])
  for (task, means) in places.enumerated() {
    for (place, mean) in means.enumerated() {
      for index in 0..<perClass {
        values.append(mean + spread * (Float(index) - Float(perClass - 1) / 2))
        labels.append(Int32(2 * task + place))
      }
    }
  }
  let images = FloatImageSet(
    shape: ImageShape(height: 1, width: 1), values: values, labels: labels)
  let data = try DataSet(name: "line", train: images, test: images)
  return try TaskStream(
    StreamSpecification(kind: SplitStream(), taskCount: places.count, scenario: .domain),
    data: data, seed: 1)
}

@Suite struct `The order of a stream` {
  @Test func `looks at tasks by hand`() throws {
    let stream = try line([[0, 3], [4, 7], [0, 0]])
    let profiles = TaskProfiles(stream.tasks, of: stream.data, inputCount: 1)
    // Of two equal means the first one wins.
    #expect(profiles.accuracies == [1, 1, 0.5])
    // √(4² + 4²), √(0 + 3²), √(4² + 7²).
    #expect(profiles.distances[0] == [0, Double(32).squareRoot(), 3])
    #expect(profiles.distances[1] == [Double(32).squareRoot(), 0, Double(65).squareRoot()])
  }

  @Test func `follows its rule by hand`() {
    let profiles = TaskProfiles(
      accuracies: [0.9, 0.5, 0.9, 0.7],
      distances: [[0, 1, 4, 2], [1, 0, 3, 5], [4, 3, 0, 1], [2, 5, 1, 0]])
    #expect(OrderRule.easyFirst.order(of: profiles) == [0, 2, 3, 1])
    #expect(OrderRule.hardFirst.order(of: profiles) == [1, 3, 0, 2])
    // Sums 7, 9, 8, 8.
    #expect(OrderRule.typicalLast.order(of: profiles) == [1, 2, 3, 0])
    // 4 + 3 + 5.
    #expect(OrderRule.dissimilarNeighbours.order(of: profiles) == [0, 2, 1, 3])
    #expect(OrderRule.farthestNext(profiles.distances) == [1, 3, 0, 2])
  }

  @Test(arguments: 1...40)
  func `of the longest way is found as by trying all`(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .taskOrder, node: 0)
    let count = 2 + Int(seed % 5)
    var distances = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    for one in 0..<count {
      for other in 0..<one {
        distances[one][other] = Double(random.nextWord() % 20)
        distances[other][one] = distances[one][other]
      }
    }
    let profiles = TaskProfiles(
      accuracies: Array(repeating: 0, count: count), distances: distances)
    let rule = OrderRule.dissimilarNeighbours
    let all = permutations(Array(0..<count))
    let best = all.map { rule.score(of: $0, profiles) }.max() ?? 0
    let first = all.first { rule.score(of: $0, profiles) == best }
    #expect(rule.order(of: profiles) == first)
    // No order is more as a rule wants it than its own.
    for rule in OrderRule.allCases {
      let own = rule.score(of: rule.order(of: profiles), profiles)
      #expect(all.allSatisfy { rule.score(of: $0, profiles) <= own })
    }
  }

  @Test func `moves whole tasks`() throws {
    let data = try toySet(classCount: 6, perClass: 5)
    var specification = StreamSpecification(kind: SplitStream(), taskCount: 3, scenario: .class)
    specification.examplesPerTask = 3
    let given = try TaskStream(specification, data: data, seed: 7)
    specification.order = .list([2, 0, 1])
    let moved = try TaskStream(specification, data: data, seed: 7)
    #expect(moved.tasks.map(\.name) == [2, 0, 1].map { given.tasks[$0].name })
    #expect(moved.tasks.map(\.trainIndices) == [2, 0, 1].map { given.tasks[$0].trainIndices })
    // Units are numbered as tasks come.
    #expect(moved.tasks.map(\.units) == [[0, 1], [2, 3], [4, 5]])
    specification.order = .list([0, 1, 2])
    let same = try TaskStream(specification, data: data, seed: 7)
    #expect(same.tasks.map(\.trainIndices) == given.tasks.map(\.trainIndices))
  }

  @Test func `by a rule is that of its list`() throws {
    let stream = try line([[0, 3], [4, 7], [0, 0.1]], spread: 0.2)
    let profiles = TaskProfiles(stream.tasks, of: stream.data, inputCount: 1)
    for rule in OrderRule.allCases {
      var specification = StreamSpecification(kind: SplitStream(), taskCount: 3, scenario: .domain)
      specification.order = .rule(rule)
      let ruled = try TaskStream(specification, data: stream.data, seed: 1)
      let order = rule.order(of: profiles)
      #expect(ruled.tasks.map(\.name) == order.map { stream.tasks[$0].name }, "\(rule)")
    }
    #expect(OrderRule.hardFirst.order(of: profiles).first == 2)
  }

  @Test(arguments: OrderRule.allCases)
  func `is the one that its rule scores highest of all`(rule: OrderRule) throws {
    let stream = try line([[0, 3], [4, 7], [0, 0.1], [2, 9]], spread: 0.4)
    func scored(_ order: StreamOrder) throws -> Double {
      var specification = StreamSpecification(kind: SplitStream(), taskCount: 4, scenario: .domain)
      specification.order = order
      let ordered = try TaskStream(specification, data: stream.data, seed: 1)
      return try #require(ordered.orderScores?[rule])
    }
    let scores = try permutations([0, 1, 2, 3]).map { try scored(.list($0)) }
    let (best, own) = (try #require(scores.max()), try scored(.rule(rule)))
    #expect(abs(best - own) < 1e-9 && scores.contains { $0 < best - 0.1 })
  }

  @Test(arguments: [[0, 1], [0, 1, 1], [0, 1, 3]])
  func `that has not each task once is refused`(list: [Int]) throws {
    var specification = StreamSpecification(kind: SplitStream(), taskCount: 3, scenario: .domain)
    specification.order = .list(list)
    #expect(
      throws: DataError(
        "stream.order lists \(list); list each of the tasks 0 to 2 once")
    ) {
      try TaskStream(specification, data: toySet(), seed: 1)
    }
  }
}

/// In lexicographic order.
private func permutations(_ items: [Int]) -> [[Int]] {
  guard !items.isEmpty else { return [[]] }
  return items.flatMap { item in
    permutations(items.filter { $0 != item }).map { [item] + $0 }
  }
}
