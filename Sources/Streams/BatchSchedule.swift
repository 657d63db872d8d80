import Tensors

/// Which of a node's examples form the batch of each step of a stage.
///
/// A node shuffles its own examples anew for every epoch. In an epoch each node takes as many steps
/// as the one with the most needs; a node that has run out has empty batches, which weigh nothing.
public struct BatchSchedule: Sendable {
  /// How long a stage is.
  public enum Length: Sendable, Hashable {
    /// Every example of every node so many times; the last batch of an epoch may be short.
    case epochs(Int)
    /// So many steps of full batches, going round the examples.
    case iterations(Int)
  }

  /// Steps of the stage.
  public let stepCount: Int
  private let exampleCount: Int
  private let batch: Int
  private let stepsPerEpoch: Int
  private let isEpochwise: Bool
  private let seed: UInt64
  private let node: Int
  private let stage: Int
  private var order: (epoch: Int, indices: [Int]) = (-1, [])

  /// - Parameters:
  ///   - exampleCounts: Examples of every node; each has at least one.
  ///   - batches: Every node's share of the global batch, ≥ 1 each.
  ///   - node: Whose schedule this is.
  ///   - stage: 0-based, for the draws.
  public init(
    exampleCounts: [Int], batches: [Int], node: Int, stage: Int, length: Length, seed: UInt64
  ) {
    precondition(exampleCounts.allSatisfy { $0 > 0 } && batches.allSatisfy { $0 > 0 })
    precondition(exampleCounts.count == batches.count)
    exampleCount = exampleCounts[node]
    batch = min(batches[node], exampleCount)
    self.seed = seed
    self.node = node
    self.stage = stage
    switch length {
    case .epochs(let count):
      stepsPerEpoch =
        zip(exampleCounts, batches).map { ($0 + $1 - 1) / $1 }.max() ?? 0
      stepCount = count * stepsPerEpoch
      isEpochwise = true
    case .iterations(let count):
      stepsPerEpoch = 0
      stepCount = count
      isEpochwise = false
    }
  }

  /// Places of the step's examples among the node's own. Cheap when steps are asked for in order.
  public mutating func examples(at step: Int) -> [Int] {
    precondition((0..<stepCount).contains(step), "the stage has \(stepCount) steps")
    if isEpochwise {
      let start = step % stepsPerEpoch * batch
      let end = min(start + batch, exampleCount)
      return start < end ? (start..<end).map { place($0, epoch: step / stepsPerEpoch) } : []
    }
    return (step * batch..<(step + 1) * batch).map {
      place($0 % exampleCount, epoch: $0 / exampleCount)
    }
  }

  private mutating func place(_ index: Int, epoch: Int) -> Int {
    if order.epoch != epoch {
      var random = RandomStream(
        seed: seed, purpose: .shuffle, node: node, step: stage << 16 | epoch)
      order = (epoch, random.permutation(of: exampleCount))
    }
    return order.indices[index]
  }
}
