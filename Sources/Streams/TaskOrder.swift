import Tensors

/// In which order each node trains the stages.
public enum TaskOrder: Sendable, Hashable {
  /// All nodes in the order of the stream.
  case shared
  /// All in the order of the stream, round and round, node n beginning n·`by` stages later.
  case rotated(by: Int)
  /// Each node in an order drawn for it.
  case permuted
  /// A stage arrives at one node only: stage t at node t mod N.
  case owned
  /// As listed, one list a node, of 0-based stages.
  case lists([[Int]])

  /// The sequence of each node: stages, 0-based, in the order in which the node trains them.
  ///
  /// - Parameters:
  ///   - stageCount: ≥ 1.
  ///   - nodeCount: ≥ 1.
  /// - Throws: ``DataError`` when a node would have no stage, or when lists do not fit.
  public func sequences(
    stageCount: Int, nodeCount: Int, seed: UInt64
  ) throws(DataError) -> [[Int]] {
    precondition(stageCount >= 1 && nodeCount >= 1)
    let stages = 0..<stageCount
    let nodes = 0..<nodeCount
    switch self {
    case .shared: return nodes.map { _ in Array(stages) }
    case .rotated(let step):
      let forward = (step % stageCount + stageCount) % stageCount
      return nodes.map { node in
        stages.map { (node % stageCount * forward + $0) % stageCount }
      }
    case .permuted:
      return nodes.map { node in
        var random = RandomStream(seed: seed, purpose: .taskOrder, node: node)
        return random.permutation(of: stageCount)
      }
    case .owned:
      guard nodeCount <= stageCount else {
        throw DataError(
          "arrival.order owned leaves \(nodeCount - stageCount) of \(nodeCount) workers without "
            + "any of \(stageCount) tasks; lower cluster.workers or use another arrival.order")
      }
      return nodes.map { Array(stride(from: $0, to: stageCount, by: nodeCount)) }
    case .lists(let lists):
      try Self.check(lists, stageCount: stageCount, nodeCount: nodeCount)
      return lists
    }
  }

  /// By stage, the ascending ranks of the nodes whose sequence has it.
  public static func owners(of sequences: [[Int]], stageCount: Int) -> [[Int]] {
    var owners = [[Int]](repeating: [], count: stageCount)
    for (node, sequence) in sequences.enumerated() {
      for stage in sequence { owners[stage].append(node) }
    }
    return owners
  }

  /// Messages count as the file does: tasks and ranks from 0.
  private static func check(
    _ lists: [[Int]], stageCount: Int, nodeCount: Int
  ) throws(DataError) {
    guard lists.count == nodeCount else {
      throw DataError(
        "arrival.lists has \(lists.count) lists for \(nodeCount) workers; give one a worker")
    }
    var isListed = [Bool](repeating: false, count: stageCount)
    for (rank, list) in lists.enumerated() {
      guard !list.isEmpty else {
        throw DataError("arrival.lists has no task for worker \(rank); give it one")
      }
      var isOwn = [Bool](repeating: false, count: stageCount)
      for stage in list {
        guard isOwn.indices.contains(stage) else {
          throw DataError(
            "arrival.lists gives worker \(rank) task \(stage); the stream has tasks 0 to "
              + "\(stageCount - 1)")
        }
        guard !isOwn[stage] else {
          throw DataError(
            "arrival.lists gives worker \(rank) task \(stage) twice; list it once")
        }
        isOwn[stage] = true
        isListed[stage] = true
      }
    }
    guard let missing = isListed.firstIndex(of: false) else { return }
    throw DataError("arrival.lists gives task \(missing) to no worker; list it at one")
  }
}
