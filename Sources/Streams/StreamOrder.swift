/// In which order a stream has its tasks, which is the order in which they are trained unless
/// `arrival.order` says otherwise.
public enum StreamOrder: Sendable, Hashable {
  /// As its kind makes them.
  case given
  /// By a rule over what the training data of the tasks look like.
  case rule(OrderRule)
  /// As listed: 0-based numbers of the tasks as its kind makes them, each once.
  case list([Int])

  /// The numbers of the tasks as they come, as far as that is known without data: those of a rule
  /// as they are given.
  ///
  /// - Throws: ``DataError`` when a list has not each task once.
  func listed(_ taskCount: Int) throws(DataError) -> [Int] {
    guard case .list(let list) = self else { return Array(0..<taskCount) }
    guard list.sorted() == Array(0..<taskCount) else {
      throw DataError(
        "stream.order lists \(list); list each of the tasks 0 to \(taskCount - 1) once")
    }
    return list
  }
}

extension StreamOrder {
  /// `given`, the name of a rule, or a list of tasks.
  public init?(word: String) {
    if word == "given" {
      self = .given
    } else if let rule = OrderRule(rawValue: word) {
      self = .rule(rule)
    } else {
      return nil
    }
  }

  /// As a setting says it.
  public var description: String {
    switch self {
    case .given: "given"
    case .rule(let rule): rule.rawValue
    case .list(let list): "\(list)"
    }
  }

  /// Its words.
  public static let words = ["given"] + OrderRule.allCases.map(\.rawValue)
}

/// A rule that orders tasks by what their training data look like, before anything is trained
/// (``TaskProfiles``).
public enum OrderRule: String, Sendable, Hashable, CaseIterable {
  /// Tasks whose classes the nearest class mean tells apart best come first.
  case easyFirst = "easy-first"
  /// The reverse of that.
  case hardFirst = "hard-first"
  /// The task that is farthest from the others comes first, the one that is nearest to them last.
  ///
  /// - Source: Li & Hiratani 2025, the rule "least representative first".
  case typicalLast = "typical-last"
  /// Tasks that follow each other are as far from each other as an order allows in all.
  ///
  /// - Source: Li & Hiratani 2025, the rule of dissimilar neighbours.
  case dissimilarNeighbours = "dissimilar-neighbours"
}

extension OrderRule {
  /// Up to so many tasks the best order of neighbours is found; beyond, each task is followed by
  /// the farthest one that is left.
  static let exactCount = 12

  /// The 0-based numbers of the tasks in their new order; equal tasks stay in the given one.
  public func order(of profiles: TaskProfiles) -> [Int] {
    let tasks = Array(profiles.accuracies.indices)
    func ascending(by value: (Int) -> Double) -> [Int] {
      tasks.sorted { (value($0), $0) < (value($1), $1) }
    }
    switch self {
    case .easyFirst: return ascending { -profiles.accuracies[$0] }
    case .hardFirst: return ascending { profiles.accuracies[$0] }
    case .typicalLast: return ascending { -profiles.distances[$0].reduce(0, +) }
    case .dissimilarNeighbours:
      return tasks.count <= Self.exactCount
        ? Self.longestPath(profiles.distances) : Self.farthestNext(profiles.distances)
    }
  }

  /// How far a rule would rank an order up, by its own measure: the larger, the more the order is
  /// as the rule wants it. Of the difficulties and the typicality it is Σ place · value, of
  /// neighbours the sum of their distances.
  ///
  /// - Parameter order: 0-based numbers of all tasks.
  public func score(of order: [Int], _ profiles: TaskProfiles) -> Double {
    func ranked(_ value: (Int) -> Double) -> Double {
      order.enumerated().reduce(0) { $0 + Double($1.offset) * value($1.element) }
    }
    switch self {
    case .easyFirst: return ranked { -profiles.accuracies[$0] }
    case .hardFirst: return ranked { profiles.accuracies[$0] }
    case .typicalLast: return ranked { -profiles.distances[$0].reduce(0, +) }
    case .dissimilarNeighbours:
      return zip(order, order.dropFirst()).reduce(0) { $0 + profiles.distances[$1.0][$1.1] }
    }
  }

  /// The order of the greatest sum of distances between neighbours, the first of equal ones by
  /// task numbers. O(2ⁿ n²).
  static func longestPath(_ distances: [[Double]]) -> [Int] {
    let count = distances.count
    guard count > 1 else { return Array(0..<count) }
    let all = (1 << count) - 1
    // By the set of visited tasks and the last of them: the longest way through the rest.
    var rest = [Double](repeating: 0, count: (all + 1) * count)
    for visited in stride(from: all - 1, to: 0, by: -1) {
      for last in 0..<count where visited & (1 << last) != 0 {
        var longest = -Double.infinity
        for next in 0..<count where visited & (1 << next) == 0 {
          let way = distances[last][next] + rest[(visited | 1 << next) * count + next]
          longest = max(longest, way)
        }
        rest[visited * count + last] = longest
      }
    }
    var (order, visited): ([Int], Int) = ([], 0)
    while order.count < count {
      var (best, longest) = (-1, -Double.infinity)
      for next in 0..<count where visited & (1 << next) == 0 {
        let step = order.last.map { distances[$0][next] } ?? 0
        let way = step + rest[(visited | 1 << next) * count + next]
        if way > longest { (best, longest) = (next, way) }
      }
      order.append(best)
      visited |= 1 << best
    }
    return order
  }

  /// From the task that is farthest from all others, each time to the farthest that is left.
  static func farthestNext(_ distances: [[Double]]) -> [Int] {
    var left = Array(distances.indices)
    var order: [Int] = []
    while !left.isEmpty {
      func distance(_ task: Int) -> Double {
        order.last.map { distances[$0][task] } ?? distances[task].reduce(0, +)
      }
      var best = 0
      for index in left.indices where distance(left[index]) > distance(left[best]) { best = index }
      order.append(left.remove(at: best))
    }
    return order
  }
}
