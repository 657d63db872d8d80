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

/// Random inputs and labels of ten classes.
private func randomBatch(_ count: Int, inputs: Int) -> Batch {
  var random = RandomStream(seed: 1, purpose: .test)
  var batch = Batch(capacity: count, inputs: inputs)
  for _ in 0..<count {
    let row = batch.append(label: random.index(below: 10), active: 0..<10)
    for index in 0..<inputs { row[index] = random.uniform() }
  }
  return batch
}
