public import Tensors

/// Which of a node's examples form the batch of each step of a stage.
///
/// A node shuffles its own examples anew for every epoch. Where a stage is counted in epochs, every
/// node takes as many steps an epoch as the one that needs most; a node that has run out has empty
/// batches, which weigh nothing.
public struct BatchSchedule: Sendable {
  /// How long a stage is.
  public enum Length: Sendable, Hashable {
    /// Every example of every node so many times; the last batch of an epoch may be short.
    case epochs(Int)
    /// So many steps of full batches, going round the examples.
    case iterations(Int)

    /// Steps of an epoch, where it is counted in epochs, and steps in all.
    fileprivate func steps(perEpoch steps: Int) -> (ofEpoch: Int?, all: Int) {
      switch self {
      case .epochs(let count):
        precondition(count >= 0)
        return (steps, count * steps)
      case .iterations(let count):
        precondition(count >= 0)
        return (nil, count)
      }
    }
  }

  /// Steps of the stage.
  public let stepCount: Int
  private let exampleCount: Int
  private let batch: Int
  /// `nil` when the stage is counted in steps.
  private let stepsPerEpoch: Int?
  private let seed: UInt64
  /// What the shuffle of an epoch is keyed by; its step is the first one's plus the epoch.
  private let key: (purpose: RandomPurpose, node: Int, firstStep: Int)
  private var order: (epoch: Int, indices: [Int]) = (-1, [])

  /// - Parameters:
  ///   - exampleCounts: Examples of every node. A node without any has empty batches.
  ///   - batches: Every node's share of the global batch, ≥ 1 each. A share above the node's
  ///     examples means all of them in every batch.
  ///   - node: Whose schedule this is.
  ///   - stage: 0-based, for the draws.
  public init(
    exampleCounts: [Int], batches: [Int], node: Int, stage: Int, length: Length, seed: UInt64
  ) {
    precondition(exampleCounts.allSatisfy { $0 >= 0 }, "a node has examples or none")
    precondition(batches.allSatisfy { $0 > 0 }, "every node has a share of the batch")
    precondition(exampleCounts.count == batches.count && exampleCounts.indices.contains(node))
    exampleCount = exampleCounts[node]
    batch = min(batches[node], exampleCount)
    self.seed = seed
    key = (.shuffle, node, stage * 65536)
    (stepsPerEpoch, stepCount) = length.steps(
      perEpoch: zip(exampleCounts, batches).map { ($0 + $1 - 1) / $1 }.max() ?? 0)
  }

  /// A schedule of examples that all nodes know, whosever they are.
  ///
  /// - Parameters:
  ///   - exampleCount: ≥ 0; without any, batches are empty.
  ///   - batch: ≥ 1; above the examples it means all of them in every batch.
  ///   - purpose: Tells several schedules of a stage apart.
  ///   - stage: 0-based, for the draws.
  public init(
    sharing exampleCount: Int, batch: Int, for purpose: RandomPurpose, stage: Int, length: Length,
    seed: UInt64
  ) {
    precondition(exampleCount >= 0 && batch >= 1 && stage >= 0)
    self.exampleCount = exampleCount
    self.batch = min(batch, exampleCount)
    self.seed = seed
    key = (purpose, stage, 0)
    (stepsPerEpoch, stepCount) = length.steps(perEpoch: (exampleCount + batch - 1) / batch)
  }

  /// How many examples a step has. O(1).
  public func count(at step: Int) -> Int {
    guard let stepsPerEpoch else { return batch }
    return min(batch, max(0, exampleCount - step % stepsPerEpoch * batch))
  }

  /// Indices of the step's examples among the node's own. O(batch) when steps are asked for in
  /// order, O(examples) when the epoch changes.
  public mutating func examples(at step: Int) -> [Int] {
    precondition((0..<stepCount).contains(step), "the stage has \(stepCount) steps")
    if let stepsPerEpoch {
      let start = min(step % stepsPerEpoch * batch, exampleCount)
      let end = min(start + batch, exampleCount)
      return indices(start..<end, epoch: step / stepsPerEpoch)
    }
    guard exampleCount > 0 else { return [] }
    // The batch is at most one round, so it touches two rounds at most.
    let (epoch, start) = (step * batch).quotientAndRemainder(dividingBy: exampleCount)
    let end = min(start + batch, exampleCount)
    let rest = batch - (end - start)
    return indices(start..<end, epoch: epoch) + indices(0..<rest, epoch: epoch + 1)
  }

  private mutating func indices(_ range: Range<Int>, epoch: Int) -> [Int] {
    guard !range.isEmpty else { return [] }
    if order.epoch != epoch {
      var random = RandomStream(
        seed: seed, purpose: key.purpose, node: key.node, step: key.firstStep + epoch)
      order = (epoch, random.permutation(of: exampleCount))
    }
    return Array(order.indices[range])
  }
}
