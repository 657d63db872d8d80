public import Tensors
public import Updates

/// The vectors of one step as a shard has them: the mean gradient, which is vector 0, and the mean
/// references. Each is a mean over the workers, added in worker order, and none is kept: what is
/// needed of them is made tile by tile from what the workers have pushed.
public struct StepVectors: Sendable {
  /// One of them: what each worker has pushed for it.
  public struct Part: Sendable {
    /// By worker, in worker order: its blocks of the shard; of a worker without examples they may
    /// have no floats.
    fileprivate let blocks: [[VectorView]]
    fileprivate let mean: WeightedMean

    /// - Parameters:
    ///   - blocks: By worker, in worker order: its blocks of the shard.
    ///   - mean: How the workers' vectors add up; a factor is 0 where a worker has no examples.
    public init(blocks: [[VectorView]], mean: WeightedMean) {
      precondition(blocks.count == mean.factors.count, "every worker has a factor")
      self.blocks = blocks
      self.mean = mean
    }

    /// The workers that have examples.
    fileprivate var contributors: [Int] { mean.factors.indices.filter { mean.factors[$0] > 0 } }
  }

  private let parts: [Part]
  /// As elements of the shard, in order.
  private let blocks: [Range<Int>]

  /// - Parameters:
  ///   - parts: The gradient, then the references.
  ///   - blocks: The shard's, as its elements, in order.
  public init(_ parts: [Part], blocks: [Range<Int>]) {
    self.parts = parts
    self.blocks = blocks
  }

  /// How many vectors there are.
  public var count: Int { parts.count }

  /// By vector: no element of the mean is larger than this, apart from rounding. O(all elements).
  public var magnitudes: [Float] {
    parts.map { part in
      part.contributors.reduce(Float(0)) { largest, worker in
        part.blocks[worker].reduce(largest) {
          max($0, Kernels.largest($1.base, count: $1.count))
        }
      }
    }
  }

  /// This shard's part of the dot products of all pairs, on the vectors' grids: row by row of the
  /// upper triangle. Sums over servers are those of the whole vectors, to the bit.
  ///
  /// - Parameter ruler: The grids; of the magnitudes over all servers.
  /// - Complexity: O(count² · elements) in double precision.
  public func gramSums(by ruler: GramRuler) -> [Int] {
    precondition(ruler.count == count, "every vector has a grid")
    let tileCount = Self.gramTileCount
    let scales = (0..<count).map { ruler.scale(of: $0) }
    var sums = Array(repeating: 0, count: GramMatrix.pairCount(of: count))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: tileCount) { spare in
      withUnsafeTemporaryAllocation(
        of: Double.self, capacity: count * tileCount + count * count
      ) { scratch in
        guard let rows = scratch.baseAddress, let spare = spare.baseAddress else { return }
        let products = rows + count * tileCount
        for block in blocks.indices {
          for run in (0..<blocks[block].count).pieces(of: GramRuler.exactCount) {
            products.update(repeating: 0, count: count * count)
            for tile in run.pieces(of: tileCount) {
              for vector in 0..<count {
                let mean = mean(of: vector, block, tile, spare: spare)
                Kernels.round(
                  mean, scale: scales[vector], into: rows + vector * tileCount, count: tile.count)
              }
              Kernels.addGram(
                rows, rows: count, count: tile.count, stride: tileCount, to: products)
            }
            add(products, to: &sums)
          }
        }
      }
    }
    return sums
  }

  /// Doubles of a tile: six of them fit the first-level cache.
  private static let gramTileCount = 512

  /// The products are whole numbers below 2⁵³.
  private func add(_ products: UnsafePointer<Double>, to sums: inout [Int]) {
    var place = 0
    for row in 0..<count {
      for column in row..<count {
        sums[place] += Int(products[row * count + column])
        place += 1
      }
    }
  }

  /// One block of a sum of the vectors.
  ///
  /// - Parameter coefficients: By vector.
  public func combination(_ coefficients: [Double], block: Int) -> Vector {
    precondition(coefficients.count == count, "every vector has a coefficient")
    let result = Vector(uninitialized: blocks[block].count)
    let tileCount = ConsolidatedUpdate.tileCount
    withUnsafeTemporaryAllocation(of: Float.self, capacity: tileCount) { spare in
      guard let spare = spare.baseAddress else { return }
      for tile in (0..<result.count).pieces(of: tileCount) {
        let target = result.base + tile.lowerBound
        for (vector, coefficient) in coefficients.enumerated() {
          let mean = mean(of: vector, block, tile, spare: spare)
          WeightedMean.enter(
            mean, Float(coefficient), isFirst: vector == 0, into: target, count: tile.count)
        }
      }
    }
    return result
  }

  /// A tile of a mean: where one worker makes it, that one's own floats.
  private func mean(
    of vector: Int, _ block: Int, _ tile: Range<Int>, spare: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    let part = parts[vector]
    let contributors = part.contributors
    if contributors.count == 1, part.mean.factors[contributors[0]] == 1 {
      return part.blocks[contributors[0]][block].base + tile.lowerBound
    }
    // Where a worker has no floats, its factor is 0 and nothing is read.
    let tiles = part.blocks.map { $0[block].base + ($0[block].count > 0 ? tile.lowerBound : 0) }
    part.mean.write(tiles, to: spare, count: tile.count)
    return UnsafePointer(spare)
  }
}
