import Consolidation
import Launch
import Models
import Tensors
import Updates
import Running

/// A server's update of ten million parameters against a triad over the same bytes.
struct UpdateBench {
  let rounds: Int

  func rows() throws -> [BenchRow] {
    let count = 10_000_000
    let (a, b, c) = (Vector(count: count), Vector(repeating: 1, count: count), Vector(count: count))
    var update = ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .momentum, rate: 0.01), strength: 1,
      form: .proximal, count: count)
    update.fold(importance: b.view, anchor: c.view, rule: FoldRule())
    let blocks = (0..<count).pieces(of: 262_144)
    var weights = blocks.map { Vector(repeating: 0.5, count: $0.count).view }
    var triads: [Double] = []
    var updates: [Double] = []
    for round in 0...rounds {
      try Interruption.check()
      let triad = seconds {
        let (x, y, z) = (a.base, b.base, c.base)
        for index in 0..<count { x[index] = y[index] + 3 * z[index] }
      }
      let step = seconds {
        update.begin()
        for (index, block) in blocks.enumerated() {
          weights[index] =
            update.apply(
              block: block, [Contribution(gradient: b[block], exampleCount: 1)],
              weights: weights[index]
            ).view
        }
      }
      if round > 0 {
        // Three vectors pass in a triad; g, θ, v, U, V in and θ', v out in the update.
        triads.append(12 * Double(count) / triad * 1e-9)
        updates.append(28 * Double(count) / step * 1e-9)
      }
    }
    return [
      BenchRow(
        name: "update, momentum + proximal, 10 M parameters", value: median(updates),
        unit: "GB/s", yardstick: "triad", yardstickValue: median(triads),
        ratio: median(updates) / median(triads), target: "≥ 0.7")
    ]
  }
}
