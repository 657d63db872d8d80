import Consolidation
import Launch
import Tensors
import Updates
import Running

/// What a server makes of twenty references of 89,610 elements, against reading them once.
struct ProjectionBench {
  let rounds: Int

  func rows() throws -> [BenchRow] {
    let (count, references) = (89_610, 20)
    var random = RandomStream(seed: 1, purpose: .test)
    let vectors = (0...references).map { _ in
      Vector((0..<count).map { _ in Float(random.normal()) })
    }
    let step = StepVectors(
      vectors.map { .init(blocks: [[$0.view]], mean: WeightedMean(exampleCounts: [1])) },
      blocks: [0..<count])
    let rule = ConeProjection(margin: 0.5)
    var reads: [Double] = []
    var turns: [Double] = []
    for round in 0...rounds {
      try Interruption.check()
      let repetitions = 10
      var isFinite = true
      let read = seconds {
        for _ in 0..<repetitions {
          for vector in vectors {
            isFinite = Kernels.allFinite(vector.base, count: count) && isFinite
          }
        }
      }
      precondition(isFinite, "normal numbers are finite")
      var isTurned = true
      let turn = try seconds {
        for _ in 0..<repetitions {
          let ruler = GramRuler(magnitudes: step.magnitudes, elementCount: count)
          let gram = GramMatrix(sums: step.gramSums(by: ruler), by: ruler)
          guard let coefficients = try rule.coefficients(of: gram) else {
            isTurned = false
            continue
          }
          _ = step.combination(coefficients, block: 0)
        }
      }
      precondition(isTurned, "random references do not all agree")
      if round > 0 {
        reads.append(1e3 * read / Double(repetitions))
        turns.append(1e3 * turn / Double(repetitions))
      }
    }
    // Their sizes, their products and their sum each read all vectors.
    let own = median(turns) - 3 * median(reads)
    return [
      BenchRow(
        name: "projection, 20 references of 89,610, besides reading them three times", value: own,
        unit: "ms", yardstick: "reading them once", yardstickValue: median(reads),
        ratio: own / median(reads), target: "≤ 1 ms")
    ]
  }
}
