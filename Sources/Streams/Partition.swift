import Tensors

/// What there is to place and among whom, and the shuffles that the kinds of placement share.
struct Partition {
  let stages: [Stage]
  /// By stage, ascending ranks.
  let owners: [[Int]]
  let nodeCount: Int
  let classCount: Int
  let seed: UInt64
  let label: (Example) -> Int

  init(
    stages: [Stage], owners: [[Int]], nodeCount: Int, classCount: Int, seed: UInt64,
    label: @escaping (Example) -> Int
  ) {
    precondition(nodeCount >= 1 && classCount >= 1)
    precondition(owners.count == stages.count, "every stage has its owners")
    precondition(
      owners.allSatisfy { ranks in
        ranks.allSatisfy { (0..<nodeCount).contains($0) }
          && zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 }
      }, "owners are ascending ranks")
    self.stages = stages
    self.owners = owners
    self.nodeCount = nodeCount
    self.classCount = classCount
    self.seed = seed
    self.label = label
  }

  /// Places stage by stage.
  ///
  /// - Parameter split: The owners' examples of a stage, in the order of the owners.
  func byStage(
    _ split: (_ stage: Int, _ owners: [Int]) throws(DataError) -> [[Example]]
  ) throws(DataError) -> [[[Example]]] {
    var placed: [[[Example]]] = []
    for stage in stages.indices {
      var nodes = [[Example]](repeating: [], count: nodeCount)
      if !owners[stage].isEmpty {
        let parts = try split(stage, owners[stage])
        for (rank, part) in zip(owners[stage], parts) { nodes[rank] = part }
      }
      placed.append(nodes)
    }
    return placed
  }

  /// - Throws: ``DataError`` when a stage that someone trains has nothing to train on.
  func requireExamples() throws(DataError) {
    for (stage, ranks) in owners.enumerated() {
      guard ranks.isEmpty || !stages[stage].examples.isEmpty else {
        throw DataError(
          "task \(stage + 1) has no training examples; lower arrival.mixture or raise "
            + "stream.examples-per-task")
      }
    }
  }

  /// A stage's examples in a random order.
  func inRandomOrder(_ stage: Int) -> [Example] {
    inRandomOrder(stages[stage].examples, stage: stage)
  }

  /// A stage's examples by class, each class in a random order of its own.
  func shuffledByClass(_ stage: Int) -> [[Example]] {
    byClass(stages[stage].examples).enumerated().map { label, examples in
      inRandomOrder(examples, stage: stage, step: label + 1)
    }
  }

  /// Examples by class, each class in the order given.
  func byClass(_ examples: [Example]) -> [[Example]] {
    var classes = [[Example]](repeating: [], count: classCount)
    for example in examples { classes[label(example)].append(example) }
    return classes
  }

  private func inRandomOrder(_ examples: [Example], stage: Int, step: Int = 0) -> [Example] {
    var random = RandomStream(seed: seed, purpose: .placement, node: stage, step: step)
    return random.permutation(of: examples.count).map { examples[$0] }
  }
}
