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
  private let rule: ImportanceRule
  private var parts: [(worker: Int, sum: [VectorView], exampleCount: Int)] = []

  /// - Parameters:
  ///   - count: Elements of the shard.
  ///   - rule: How the sums become Ω.
  public init(count: Int, rule: ImportanceRule = .mean) {
    self.count = count
    self.rule = rule
  }

  /// Examples behind all parts.
  public var exampleCount: Int { parts.reduce(0) { $0 + $1.exampleCount } }

  /// Enters a worker's sums over its examples, cut into consecutive blocks: `count` elements, or as
  /// many for each of the rule's parts.
  public mutating func enter(
    worker: Int, sum: [VectorView], exampleCount: Int
  ) throws(ImportanceError) {
    let got = sum.reduce(0) { $0 + $1.count }
    let expected = count * rule.partCount
    guard got == expected else {
      throw .wrongCount(worker: worker, expected: expected, got: got)
    }
    guard !parts.contains(where: { $0.worker == worker }) else { throw .repeated(worker: worker) }
    for block in sum {
      guard Kernels.allFinite(block.base, count: block.count) else {
        throw .notFinite(worker: worker)
      }
      if rule.isSigned { continue }
      var least: Float = 0
      for index in 0..<block.count { least = min(least, block.base[index]) }
      guard least >= 0 else { throw .negative(worker: worker) }
    }
    parts.append((worker, sum, exampleCount))
    parts.sort { $0.worker < $1.worker }
  }

  /// Ω. O(workers · parts · count).
  public func mean() throws(ImportanceError) -> Vector {
    let total = exampleCount
    guard total > 0 else { throw .noExamples }
    let result = Vector(count: count * rule.partCount)
    for part in parts where part.exampleCount > 0 {
      var offset = 0
      for block in part.sum {
        Kernels.add(block.base, to: result.base + offset, count: block.count)
        offset += block.count
      }
    }
    for index in 0..<result.count { result.base[index] /= Float(total) }
    return rule.importance(of: result, count: count)
  }
}
