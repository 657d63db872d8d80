import Consolidation
import Launch
import Models
import Tensors
import Updates
import Running

/// A worker's gradient against PyTorch's forward and backward pass.
struct GradientBench {
  let rounds: Int
  let peer: TorchPeer?

  private static let cases: [(hidden: [Int], batch: Int, target: String)] = [
    ([100, 100], 32, "≥ 2"), ([400, 400], 32, ""), ([400, 400], 128, "≥ 1.05"),
  ]

  func rows() throws -> [BenchRow] {
    try Self.cases.map { hidden, batch, target in
      var own: [Double] = []
      var other: [Double] = []
      let measure = gradient(hidden, batch)
      for _ in 0..<rounds {
        try Interruption.check()
        own.append(measure())
        if let peer {
          other.append(try peer.measure(["gradient", "\(hidden[0])", "\(batch)"]))
        }
      }
      let theirs = other.isEmpty ? nil : median(other)
      return BenchRow(
        name: "gradient 784-\(hidden[0])-\(hidden[1])-10, batch \(batch)",
        value: median(own), unit: "ms", yardstick: theirs == nil ? nil : "PyTorch, one thread",
        yardstickValue: theirs, ratio: theirs.map { $0 / median(own) }, target: target)
    }
  }

  private func gradient(_ hidden: [Int], _ batchCount: Int) -> () -> Double {
    let model = MultilayerPerceptron(inputs: 784, hidden: hidden, outputs: 10)
    let workspace = Workspace(model: model, capacity: batchCount)
    let batch = randomBatch(batchCount, inputs: 784)
    let weights = model.initialWeights(.pytorch, seed: 1)
    let gradient = Vector(count: weights.count)
    return {
      var times: [Double] = []
      for repeat_ in 0..<320 {
        let time = seconds {
          _ = model.gradient(
            of: batch, at: weights.base, into: gradient.base, using: workspace)
        }
        if repeat_ >= 20 { times.append(time * 1e3) }
      }
      return median(times)
    }
  }
}
