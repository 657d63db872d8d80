public import Tensors

/// Why a worker's importances were not taken.
public enum ImportanceError: Error, Sendable, Hashable, CustomStringConvertible {
  case wrongCount(worker: Int, expected: Int, got: Int)
  case notFinite(worker: Int)
  case negative(worker: Int)
  case repeated(worker: Int)
  case noExamples

  public var description: String {
    switch self {
    case .wrongCount(let worker, let expected, let got):
      "worker \(worker) sent \(got) importances where the shard has \(expected) weights"
    case .notFinite(let worker): "worker \(worker) sent an importance that is not finite"
    case .negative(let worker): "worker \(worker) sent a negative importance"
    case .repeated(let worker): "worker \(worker) sent its importances twice"
    case .noExamples: "no worker had an example to estimate importances from"
    }
  }
}

/// Ω of one task from the sums of several workers: added in worker order, divided by all examples,
/// so that N workers give the Ω that one worker with all the data gives (to rounding).
public struct ImportanceMean: Sendable {
  private let count: Int
  private var parts: [(worker: Int, sum: [VectorView], exampleCount: Int)] = []

  /// - Parameter count: Elements of the shard.
  public init(count: Int) { self.count = count }

  /// Examples behind all parts.
  public var exampleCount: Int { parts.reduce(0) { $0 + $1.exampleCount } }

  /// Enters a worker's sum of per-example importances, cut into consecutive blocks.
  public mutating func enter(
    worker: Int, sum: [VectorView], exampleCount: Int
  ) throws(ImportanceError) {
    let got = sum.reduce(0) { $0 + $1.count }
    guard got == count else { throw .wrongCount(worker: worker, expected: count, got: got) }
    guard !parts.contains(where: { $0.worker == worker }) else { throw .repeated(worker: worker) }
    for block in sum {
      guard Kernels.allFinite(block.base, count: block.count) else {
        throw .notFinite(worker: worker)
      }
      var least: Float = 0
      for index in 0..<block.count { least = min(least, block.base[index]) }
      guard least >= 0 else { throw .negative(worker: worker) }
    }
    parts.append((worker, sum, exampleCount))
    parts.sort { $0.worker < $1.worker }
  }

  /// Ω. O(workers · count).
  public func mean() throws(ImportanceError) -> Vector {
    let total = exampleCount
    guard total > 0 else { throw .noExamples }
    let result = Vector(count: count)
    for part in parts where part.exampleCount > 0 {
      var offset = 0
      for block in part.sum {
        Kernels.add(block.base, to: result.base + offset, count: block.count)
        offset += block.count
      }
    }
    for index in 0..<count { result.base[index] /= Float(total) }
    return result
  }
}
