import Tensors

/// Which examples of finished stages stay: of each group those with the smallest keys.
///
/// An example's key is a hash of (seed, task, index). What stays is therefore a random subset that
/// depends neither on the order of arrival nor on who has which examples; it can be drawn anew from
/// the seed and the finished stages, and an example that has gone never comes back.
public struct MemoryRule: Sendable, Hashable {
  /// What has equally many examples.
  public enum Group: String, Sendable, Hashable, CaseIterable {
    /// Nothing: the smallest keys of all stay.
    case all
    /// Every task.
    case task
    /// Every class of every task.
    case `class`
  }

  /// How many stay.
  public enum Capacity: Sendable, Hashable {
    /// So many of all tasks together, ≥ 0.
    case total(Int)
    /// So many of each task, ≥ 0.
    case ofEachTask(Int)
    /// So many of each group, ≥ 0.
    case ofEachGroup(Int)
  }

  /// How many stay, over all nodes.
  public let capacity: Capacity
  /// What has equally many of them.
  public let group: Group
  /// Of so many that stay one, the first, is held out: never trained on, so that it tells how
  /// others of its kind are answered. `nil`: none is.
  public let heldOutOneIn: Int?

  /// - Parameters:
  ///   - capacity: How many stay, over all nodes.
  ///   - group: What has equally many of them, within what the capacity is for.
  ///   - heldOutOneIn: Of so many that stay one is held out, ≥ 1; `nil`: none is.
  public init(_ capacity: Capacity, per group: Group = .all, heldOutOneIn: Int? = nil) {
    precondition(heldOutOneIn ?? 1 >= 1)
    self.capacity = capacity
    self.group = group
    self.heldOutOneIn = heldOutOneIn
  }

  /// Whether nothing ever stays.
  public var isEmpty: Bool {
    capacity == .total(0) || capacity == .ofEachTask(0) || capacity == .ofEachGroup(0)
  }

  /// The examples that stay. O(n log n) for n examples.
  ///
  /// Groups that share a capacity have numbers that differ by at most one; a group with fewer
  /// examples than its part leaves the rest to the others.
  ///
  /// - Parameters:
  ///   - stages: The examples of the finished stages, in the order in which these were finished.
  ///   - seed: The experiment's.
  ///   - label: Class of an example, ≥ 0.
  /// - Returns: By task, then by index.
  public func kept(
    of stages: [[Example]], seed: UInt64, label: (Example) -> Int
  ) -> [Example] {
    keptGroups(of: stages, seed: seed, label: label).joined()
      .sorted { ($0.task, $0.index) < ($1.task, $1.index) }
  }

  /// Kept examples that are held out, equally many of each group: of its examples by ascending key
  /// the first, and every ``heldOutOneIn``-th after it.
  ///
  /// As stages are added groups keep fewer, and what is held out of a group later was so before:
  /// who leaves out of training what is held out at any boundary has never trained on it.
  ///
  /// - Parameters:
  ///   - stages: The examples of the finished stages, in the order in which these were finished.
  ///   - seed: The experiment's.
  ///   - label: Class of an example, ≥ 0.
  /// - Returns: By task, then by index.
  public func heldOut(
    of stages: [[Example]], seed: UInt64, label: (Example) -> Int
  ) -> [Example] {
    guard let heldOutOneIn else { return [] }
    let groups = keptGroups(of: stages, seed: seed, label: label).map { group in
      stride(from: 0, to: group.count, by: heldOutOneIn).map { group[$0] }
    }
    let count = groups.map(\.count).min() ?? 0
    return groups.flatMap { $0.prefix(count) }
      .sorted { ($0.task, $0.index) < ($1.task, $1.index) }
  }

  /// The examples that stay, by group, each in the order of its keys.
  private func keptGroups(
    of stages: [[Example]], seed: UInt64, label: (Example) -> Int
  ) -> [[Example]] {
    let groups = grouped(stages, label)
    switch capacity {
    case .total(let count): return Self.smallest(count, of: groups.map(\.examples), seed)
    case .ofEachGroup(let count):
      return groups.flatMap { Self.smallest(count, of: [$0.examples], seed) }
    case .ofEachTask(let count):
      var tasks: [Int] = []
      for group in groups where !tasks.contains(group.task) { tasks.append(group.task) }
      return tasks.flatMap { task in
        Self.smallest(count, of: groups.filter { $0.task == task }.map(\.examples), seed)
      }
    }
  }

  /// Groups in the order in which they first appear, so that a later one takes from an earlier one
  /// and never gives.
  private func grouped(
    _ stages: [[Example]], _ label: (Example) -> Int
  ) -> [(task: Int, examples: [Example])] {
    // A capacity of each task parts by task in any case.
    let partsTasks = group != .all || capacity.isOfEachTask
    var places: [Name: Int] = [:]
    var groups: [(task: Int, examples: [Example])] = []
    for stage in stages {
      var fresh: [Name: [Example]] = [:]
      for example in stage {
        let name = Name(
          task: partsTasks ? example.task : 0, label: group == .class ? label(example) : 0)
        if let place = places[name] {
          groups[place].examples.append(example)
        } else {
          fresh[name, default: []].append(example)
        }
      }
      for (name, examples) in fresh.sorted(by: { $0.key < $1.key }) {
        places[name] = groups.count
        groups.append((name.task, examples))
      }
    }
    return groups
  }

  /// What tells groups apart.
  private struct Name: Hashable, Comparable {
    let task: Int
    let label: Int

    static func < (left: Name, right: Name) -> Bool {
      (left.task, left.label) < (right.task, right.label)
    }
  }

  private static func smallest(
    _ count: Int, of groups: [[Example]], _ seed: UInt64
  ) -> [[Example]] {
    zip(groups, shares(of: count, among: groups.map(\.count))).map { group, share in
      group.map { (key: key(of: $0, seed: seed), example: $0) }.sorted {
        ($0.key, $0.example.task, $0.example.index) < ($1.key, $1.example.task, $1.example.index)
      }.prefix(share).map(\.example)
    }
  }

  /// Deals a number out one by one, in rounds over groups that have room.
  static func shares(of count: Int, among sizes: [Int]) -> [Int] {
    var shares = sizes.map { _ in 0 }
    var rest = count
    while rest > 0 {
      let unfilled = sizes.indices.filter { shares[$0] < sizes[$0] }
      guard let room = unfilled.map({ sizes[$0] - shares[$0] }).min() else { break }
      let rounds = min(room, rest / unfilled.count)
      for group in rounds > 0 ? unfilled[...] : unfilled.prefix(rest) {
        shares[group] += max(1, rounds)
      }
      rest -= rounds > 0 ? rounds * unfilled.count : rest
    }
    return shares
  }

  /// 64 bits that look random and belong to the example.
  private static func key(of example: Example, seed: UInt64) -> UInt64 {
    var random = RandomStream(
      seed: seed, purpose: .memory, node: example.task, step: example.index)
    return random.next()
  }
}

extension MemoryRule.Capacity {
  var isOfEachTask: Bool {
    if case .ofEachTask = self { true } else { false }
  }
}
