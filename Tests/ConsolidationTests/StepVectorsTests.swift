import Tensors
import Testing
import Updates

@testable import Consolidation

/// Parts of a step: by part, by worker a vector and how many examples it stands for.
private struct Step {
  var parts: [[(vector: [Float], exampleCount: Int)]]

  /// The means, the plain way.
  var means: [[Double]] {
    parts.map { part in
      let total = Double(part.reduce(0) { $0 + $1.exampleCount })
      let count = part.map(\.vector.count).max() ?? 0
      return (0..<count).map { place in
        part.reduce(0) {
          $1.exampleCount == 0
            ? $0 : $0 + Double($1.vector[place]) * Double($1.exampleCount) / max(1, total)
        }
      }
    }
  }

  /// The shard's part of it, in blocks of so many elements.
  func vectors(_ shard: Range<Int>, blockSize: Int) -> StepVectors {
    let blocks = (0..<shard.count).pieces(of: blockSize)
    return StepVectors(
      parts.map { part in
        StepVectors.Part(
          blocks: part.map { worker in
            blocks.map { block in
              guard !worker.vector.isEmpty else { return Vector(count: 0).view }
              let start = shard.lowerBound + block.lowerBound
              return Vector(Array(worker.vector[start..<start + block.count])).view
            }
          },
          mean: WeightedMean(exampleCounts: part.map(\.exampleCount)))
      }, blocks: blocks)
  }

  static func random(_ seed: UInt64, parts: Int, workers: Int, count: Int) -> Step {
    var random = RandomStream(seed: seed, purpose: .test, node: 8)
    return Step(
      parts: (0..<parts).map { part in
        (0..<workers).map { worker in
          // Of part 1 the first worker has nothing, if there is another.
          guard part != 1 || worker != 0 || workers == 1 else { return ([], 0) }
          let scale = Float(sign: .plus, exponent: -3 * part, significand: 1)
          return (
            (0..<count).map { _ in scale * Float(random.normal()) }, 1 + random.index(below: 5)
          )
        }
      })
  }
}

private func dot(_ one: [Double], _ other: [Double]) -> Double {
  zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
}

@Suite struct `Vectors of a step` {
  /// The dot products over shards, as servers come to them.
  private func gram(_ step: Step, shards: [Range<Int>], blockSize: Int) -> (GramMatrix, [Int]) {
    let vectors = shards.map { step.vectors($0, blockSize: blockSize) }
    let count = shards.last?.upperBound ?? 0
    let magnitudes = vectors.map(\.magnitudes).reduce(
      Array(repeating: Float(0), count: step.parts.count)
    ) { zip($0, $1).map { max($0, $1) } }
    let ruler = GramRuler(magnitudes: magnitudes, elementCount: count)
    let sums = vectors.map { $0.gramSums(by: ruler) }.reduce(
      Array(repeating: 0, count: GramMatrix.pairCount(of: step.parts.count))
    ) { zip($0, $1).map { $0 + $1 } }
    return (GramMatrix(sums: sums, by: ruler), sums)
  }

  @Test(arguments: 0..<8 as Range<UInt64>, [1, 3])
  func `have the dot products of their means`(seed: UInt64, workers: Int) {
    let step = Step.random(seed, parts: 4, workers: workers, count: 5_000)
    let (gram, _) = gram(step, shards: [0..<5_000], blockSize: 3_000)
    let means = step.means
    for row in 0..<4 {
      for column in 0..<4 {
        let expected = dot(means[row], means[column])
        let size = (dot(means[row], means[row]) * dot(means[column], means[column])).squareRoot()
        #expect(abs(gram[row, column] - expected) <= 1e-6 * size)
        #expect(gram[row, column] == gram[column, row])
      }
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `have the same dot products to the bit wherever they are cut`(seed: UInt64) {
    let step = Step.random(seed, parts: 3, workers: 2, count: 4_321)
    let whole = gram(step, shards: [0..<4_321], blockSize: 4_321).1
    for parts in [2, 3, 7] {
      let shards = evenRanges(of: 4_321, parts: parts)
      #expect(gram(step, shards: shards, blockSize: 1_000).1 == whole)
      #expect(gram(step, shards: shards, blockSize: 97).1 == whole)
    }
  }

  @Test func `have the sums computed by hand`() {
    // Largest 2 and 4: their grids have 2²⁰ steps up to there, so that 1 is 2¹⁹ and 2¹⁸ steps.
    let step = Step(parts: [[([1, -2, 0], 1)], [([4, 1, 3], 1)]])
    let (gram, sums) = gram(step, shards: [0..<3], blockSize: 3)
    #expect(sums == [5 << 38, 2 << 37, 26 << 36])
    #expect(gram[0, 0] == 5 && gram[0, 1] == 2 && gram[1, 1] == 26)
  }

  @Test func `of nothing are zero, whatever their size`() {
    let step = Step(parts: [[([1e-30, 3e-38], 1)], [([0, 0], 2)], [([], 0)]])
    let (gram, _) = gram(step, shards: [0..<1, 1..<2], blockSize: 2)
    #expect(abs(gram[0, 0] / 1e-60 - 1) < 1e-5)
    #expect(gram[0, 1] == 0 && gram[1, 1] == 0 && gram[2, 2] == 0 && gram[0, 2] == 0)
  }

  @Test(arguments: [1 << 10, 1 << 24, 1 << 40])
  func `of any length stay within their type`(count: Int) {
    let ruler = GramRuler(magnitudes: [1, .greatestFiniteMagnitude], elementCount: count)
    // No element is more than the scale says, and so no sum more than this.
    let most = ruler.scale(of: 0) * ruler.scale(of: 0) * Double(count)
    #expect(most < 0x1p62 && ruler.scale(of: 0) >= 0x1p10)
    #expect(ruler.scale(of: 1) > 0)
  }

  @Test(arguments: [1, 3])
  func `add up to a direction, tile by tile`(workers: Int) {
    let step = Step.random(5, parts: 3, workers: workers, count: 2_500)
    let vectors = step.vectors(100..<2_500, blockSize: 2_100)
    let means = step.means
    let coefficients = [1, 0.5, -2.0]
    for (block, range) in [0..<2_100, 2_100..<2_400].enumerated() {
      let found = vectors.combination(coefficients, block: block)
      #expect(found.count == range.count)
      for place in range {
        let expected = (0..<3).reduce(0.0) { $0 + coefficients[$1] * means[$1][100 + place] }
        #expect(abs(Double(found[place - range.lowerBound]) - expected) < 1e-5)
      }
    }
  }
}
