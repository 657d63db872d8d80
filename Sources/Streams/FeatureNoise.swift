import Tensors

/// The noise by which a node's inputs differ from another's under `featureNoise`.
///
/// Node n of N adds to every input a Gaussian draw of variance σ·(n + 1)/N, the same each time an
/// example is shown.
///
/// - Source: Li et al. 2022 (NIID-Bench).
public struct FeatureNoise: Sendable {
  private let deviation: Double
  private let node: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - sigma: Variance at the last node, 0 or more.
  ///   - node: Rank, in `0..<nodeCount`.
  public init(sigma: Double, node: Int, nodeCount: Int, seed: UInt64) {
    precondition(sigma.isFinite && sigma >= 0)
    precondition((0..<nodeCount).contains(node) && nodeCount <= 65536)
    deviation = (sigma * Double(node + 1) / Double(nodeCount)).squareRoot()
    self.node = node
    self.seed = seed
  }

  /// Adds the noise of an example to its inputs. O(`count`), about one logarithm and one cosine an
  /// input.
  public func add(to row: UnsafeMutablePointer<Float>, count: Int, example: Example) {
    guard deviation > 0 else { return }
    precondition(example.task < 65536)
    var random = RandomStream(
      seed: seed, purpose: .featureNoise, node: node * 65536 + example.task, step: example.index)
    for index in 0..<count { row[index] += Float(deviation * random.normal()) }
  }
}
