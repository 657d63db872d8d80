public import Tensors

/// All parameters at one version of every shard, in the blocks in which they travelled.
public struct HeldWeights: Sendable {
  /// Consecutive blocks of the flat vector; together all of it.
  public let blocks: [VectorView]
  /// By server.
  public let versions: [UInt64]
  /// What was fitted at the last boundary for the method's readout; `nil` where nothing was.
  public var fit: [Float]?

  /// - Parameters:
  ///   - blocks: Consecutive; together the whole vector.
  ///   - versions: By server.
  ///   - fit: What was fitted at the last boundary for the method's readout, if anything was.
  public init(blocks: [VectorView], versions: [UInt64], fit: [Float]? = nil) {
    self.fit = fit
    self.blocks = blocks
    self.versions = versions
  }

  /// Elements of the whole vector.
  public var count: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Copies the whole vector. O(P).
  ///
  /// - Parameter destination: `count` elements.
  public func write(to destination: Vector) {
    var offset = 0
    for block in blocks {
      destination.replace(from: offset, with: block)
      offset += block.count
    }
  }
}
