import Consolidation
import Launch
import Models
import Tensors
import Updates
import Running

/// Ten thousand examples' exact Fisher against a loop of batch size 1.
struct FisherBench {
  let rounds: Int
  let peer: TorchPeer?

  func rows() throws -> [BenchRow] {
    let model = MultilayerPerceptron(inputs: 784, hidden: [400, 400], outputs: 10)
    let slice = 128
    let workspace = Workspace(model: model, capacity: slice)
    let batch = randomBatch(slice, inputs: 784)
    let weights = model.initialWeights(.pytorch, seed: 1)
    let sum = Vector(count: weights.count)
    var own: [Double] = []
    var other: [Double] = []
    for _ in 0..<rounds {
      try Interruption.check()
      var draws = RandomStream(seed: 1, purpose: .fisherLabel)
      let time = seconds {
        for _ in 0..<10_000 / slice {
          FisherInformation.exact.add(
            batch, of: model, at: weights.base, to: sum.base, using: workspace, draws: &draws)
        }
      }
      own.append(time * Double(10_000) / Double(10_000 / slice * slice))
      if let peer { other.append(try peer.measure(["fisher"])) }
    }
    let theirs = other.isEmpty ? nil : median(other)
    return [
      BenchRow(
        name: "exact Fisher, 10,000 examples, 784-400-400-10", value: median(own), unit: "s",
        yardstick: theirs == nil ? nil : "PyTorch, batch size 1 (scaled from 50 examples)",
        yardstickValue: theirs, ratio: theirs.map { $0 / median(own) }, target: "≥ 40")
    ]
  }
}
