import Streams

/// Examples that every node knows by their indices, each of which one node has: what a step takes
/// of them is drawn by all, and each node computes what is its own.
struct SharedExamples {
  /// An example and the rank of the node that has it.
  struct Owned {
    let example: Example
    let owner: Int
  }

  let all: [Owned]
  private var schedule: BatchSchedule

  /// - Parameter schedule: Of as many examples as there are.
  init(_ all: [Owned], _ schedule: BatchSchedule) {
    self.all = all
    self.schedule = schedule
  }

  /// What a step takes, in an order that is the same at every node.
  mutating func examples(at step: Int) -> [Owned] { schedule.examples(at: step).map { all[$0] } }

  /// Examples with their owners, in the order in which they are listed.
  ///
  /// - Parameters:
  ///   - listed: Those that are wanted.
  ///   - placed: By node.
  static func owned(_ listed: [Example], among placed: [[Example]]) -> [Owned] {
    var owners = Dictionary(uniqueKeysWithValues: listed.map { ($0, -1) })
    for (rank, examples) in placed.enumerated() {
      for example in examples where owners[example] != nil { owners[example] = rank }
    }
    return listed.compactMap { example in
      guard let owner = owners[example], owner >= 0 else { return nil }
      return Owned(example: example, owner: owner)
    }
  }
}
