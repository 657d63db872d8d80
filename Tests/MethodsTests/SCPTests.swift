import Consolidation
import Methods
import Models
import Tensors
import Testing

/// A network, its parameters and examples of some active units.
private struct SCPSample {
  let network: MultilayerPerceptron
  let weights: Vector
  let batch: Batch
  let workspace: Workspace

  init(inputs: Int = 4, hidden: [Int] = [5], outputs: Int = 3, count: Int = 12, seed: UInt64 = 1) {
    network = MultilayerPerceptron(inputs: inputs, hidden: hidden, outputs: outputs)
    weights = network.initialWeights(.heNormal, seed: seed)
    var random = RandomStream(seed: seed, purpose: .test)
    var batch = Batch(capacity: count, inputs: inputs)
    for _ in 0..<count {
      let row = batch.append(label: 0, active: 0..<outputs)
      for index in 0..<inputs { row[index] = Float(random.normal()) }
    }
    self.batch = batch
    workspace = Workspace(model: network, capacity: count)
  }

  /// Some of the examples, as a worker has them.
  func part(_ examples: Range<Int>, active: Range<Int>? = nil) -> Batch {
    var part = Batch(capacity: examples.count, inputs: network.inputs)
    for example in examples {
      let active = active ?? batch.active[example]
      let row = part.append(label: active.lowerBound, active: active)
      for index in 0..<network.inputs {
        row[index] = batch.inputs[example * network.inputs + index]
      }
    }
    return part
  }

  /// What a worker pushes: a sum of derivatives for each output.
  func sums(_ batch: Batch, share: Float = 1) -> [Vector] {
    let estimator = MeanOutputSensitivity(share: share)
    let parts = estimator.derivativeCount(active: batch.active[0].count) ?? 0
    let count = network.layout.count
    let sum = Vector(count: parts * count)
    var draws = RandomStream(seed: 1, purpose: .test)
    estimator.add(
      batch, of: network, at: weights.base, to: sum.base, using: workspace, draws: &draws)
    return (0..<parts).map { Vector(copying: sum[$0 * count..<($0 + 1) * count]) }
  }

  /// Γ of some workers.
  func importance(_ workers: [Range<Int>]) -> [Float] {
    var total: [Vector]?
    for worker in workers {
      let sums = sums(part(worker))
      guard let before = total else {
        total = sums
        continue
      }
      for (sum, more) in zip(before, sums) {
        Kernels.add(more.base, to: sum.base, count: sum.count)
      }
    }
    return squaredMeans(total ?? [], exampleCount: workers.reduce(0) { $0 + $1.count })
  }

  /// The mean of each output over all examples, at other weights.
  func meanOutputs(_ weights: Vector) -> [Double] {
    let logits = network.logits(of: batch, at: weights.base, using: workspace)
    return (0..<network.outputs).map { unit in
      (0..<batch.count).reduce(0.0) { $0 + Double(logits[$1 * network.outputs + unit]) }
        / Double(batch.count)
    }
  }
}

/// What servers make of all workers' sums.
private func squaredMeans(_ sums: [Vector], exampleCount: Int) -> [Float] {
  var mean = ImportanceMean(count: sums[0].count, rule: .squaredMeans(count: sums.count))
  do {
    try mean.enter(worker: 0, sum: sums.map(\.view), exampleCount: exampleCount)
    return try mean.mean().array
  } catch {
    Issue.record("\(error)")
    return []
  }
}

private func distance(_ x: [Float], _ y: [Float]) -> Double {
  let squares = zip(x, y).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
  let norm = y.reduce(0.0) { $0 + Double($1 * $1) }
  return (squares / norm).squareRoot()
}

@Suite struct `Sliced Cramér preservation` {
  /// ∂z̄_k/∂W_kj = x̄_j and ∂z̄_k/∂b_k = 1, so Γ = x̄_j²/K and 1/K.
  @Test func `of a linear model, by hand`() {
    let sample = SCPSample(inputs: 2, hidden: [], outputs: 2, count: 2)
    let inputs: [Float] = [1, -2, 2, 0]
    for (index, value) in inputs.enumerated() { sample.batch.inputs[index] = value }
    // x̄ = (1.5, −1)
    #expect(distance(sample.importance([0..<2]), [1.125, 0.5, 1.125, 0.5, 0.5, 0.5]) < 1e-6)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `is the squared difference of mean outputs`(seed: UInt64) {
    let sample = SCPSample(seed: seed)
    let step: Float = 1 / 256
    let expected: [Float] = (0..<sample.weights.count).map { index in
      let (above, below) = (
        Vector(copying: sample.weights.view), Vector(copying: sample.weights.view)
      )
      above[index] += step
      below[index] -= step
      let slopes = zip(sample.meanOutputs(above), sample.meanOutputs(below)).map {
        ($0 - $1) / (2 * Double(step))
      }
      return Float(slopes.reduce(0) { $0 + $1 * $1 } / Double(slopes.count))
    }
    #expect(distance(sample.importance([0..<12]), expected) < 0.01)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `is the same for any number of workers`(seed: UInt64) {
    let sample = SCPSample(seed: seed)
    let one = sample.importance([0..<12])
    for workers in [[0..<6, 6..<12], [0..<1, 1..<5, 5..<12]] {
      #expect(distance(sample.importance(workers), one) < 1e-6)
    }
  }

  /// The workers' own Γ, averaged by examples: what servers would hold if workers squared.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `would depend on the number of workers if they squared first`(seed: UInt64) {
    let sample = SCPSample(seed: seed)
    let one = sample.importance([0..<12])
    let halves = [sample.importance([0..<6]), sample.importance([6..<12])]
    let averaged = zip(halves[0], halves[1]).map { ($0 + $1) / 2 }
    #expect(distance(averaged, one) > 0.01)
    // A mean of squares is at least the square of the mean.
    #expect(averaged.reduce(0, +) > one.reduce(0, +))
  }

  /// Γ by the paper: L directions drawn from the sphere, each output's derivative projected.
  private func sliced(_ sums: [Vector], exampleCount: Int, slices: Int, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .test)
    var result = [Float](repeating: 0, count: sums[0].count)
    for _ in 0..<slices {
      let normal = sums.map { _ in random.normal() }
      let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // The sums are divided by √K.
      let norm = length / Double(sums.count).squareRoot()
      for index in result.indices {
        var slope = 0.0
        for (value, sum) in zip(normal, sums) {
          slope += value / norm * Double(sum[index]) / Double(exampleCount)
        }
        result[index] += Float(slope * slope / Double(slices))
      }
    }
    return result
  }

  @Test func `is what slices come to, as one over the root of their number`() {
    let sample = SCPSample()
    let sums = sample.sums(sample.batch)
    let closed = sample.importance([0..<12])
    // The root mean square over some draws.
    let errors = [10, 40, 160].map { slices in
      let squares = (1...20).reduce(0.0) { sum, seed in
        let drawn = sliced(sums, exampleCount: 12, slices: slices, seed: UInt64(seed))
        let error = distance(drawn, closed)
        return sum + error * error
      }
      return (squares / 20).squareRoot()
    }
    // Four times the slices halve the error; a sample of 20 knows it to about a sixth.
    for (few, many) in zip(errors, errors.dropFirst()) {
      #expect((1.4...2.9).contains(few / many))
    }
    #expect(errors[2] < 0.15)
  }

  /// A head of its own gives as many vectors as it has units, and nothing for other heads.
  @Test func `looks at active units only`() {
    let sample = SCPSample(inputs: 2, hidden: [], outputs: 5)
    let sums = sample.sums(sample.part(0..<12, active: 1..<3))
    #expect(sums.count == 2)
    let importance = squaredMeans(sums, exampleCount: 12)
    #expect(distance(Array(importance[10...]), [0, 0.5, 0.5, 0, 0]) < 1e-6)
    #expect(importance[10] == 0 && importance[13] == 0)
    #expect([0, 1, 6, 7, 8, 9].allSatisfy { importance[$0] == 0 })
    #expect((2..<6).allSatisfy { importance[$0] > 0 })
  }

  @Test func `counts as much as its share`() {
    let sample = SCPSample()
    let (whole, quarter) = (sample.sums(sample.batch), sample.sums(sample.batch, share: 0.25))
    #expect(
      distance(
        squaredMeans(quarter, exampleCount: 12),
        squaredMeans(whole, exampleCount: 12).map { $0 / 4 }) < 1e-6)
  }

  @Test func `keeps a share of what it held`() {
    var method = SCP()
    (method.strength, method.retention, method.examples) = (8, 0.25, 100)
    let penalty = method.penalty
    #expect(penalty?.strength == 8 && penalty?.examples == 100)
    #expect(penalty?.fold == FoldRule(decay: 0.25, anchor: .latest))
    #expect(penalty?.estimator as? MeanOutputSensitivity == MeanOutputSensitivity(share: 0.75))
  }
}
