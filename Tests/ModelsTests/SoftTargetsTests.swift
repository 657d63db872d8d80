import Testing

@testable import Models
@testable import Tensors

@Suite struct `Answers at other weights` {
  private let ranges: [Range<Int>] = [0..<2, 2..<4, 0..<6, 4..<6]
  private let factors: [Float] = [0.5, 2, 1, 0.25]

  private func sample(_ hidden: [Int]) -> Sample {
    Sample(hidden: hidden, ranges: ranges, seed: 3)
  }

  private func other(_ sample: Sample) -> Vector {
    let weights = sample.model.initialWeights(.pytorch, seed: 9)
    Kernels.scale(weights.base, by: 3, count: weights.count)
    return weights
  }

  private func gradient(
    _ sample: Sample, _ targets: SoftTargets
  ) -> (values: [Float], labels: Double, targets: Double) {
    let result = Vector(repeating: .nan, count: sample.model.layout.count)
    let loss = sample.model.gradient(
      of: sample.batch, factors: factors, targets: targets, at: sample.weights.base,
      into: result.base, using: sample.workspace)
    return (result.array, loss.labels, loss.targets)
  }

  /// Cross-entropy and Kullback–Leibler divergence in double precision, written down again.
  private func byHand(
    _ sample: Sample, _ targets: SoftTargets, _ weights: [Double]
  ) -> (labels: Double, targets: Double) {
    let (reference, temperature) = (sample.reference, Double(targets.temperature))
    func softened(_ logits: [Double], _ units: Range<Int>) -> [Double] {
      let values = units.map { exponential(logits[$0] / temperature) }
      return values.map { $0 / values.reduce(0, +) }
    }
    var sums = (labels: 0.0, targets: 0.0)
    for (example, factor) in factors.enumerated() {
      let input = sample.input(example)
      let logits = reference.logits(input, weights)
      let wanted = reference.logits(input, targets.weights.array.map(Double.init))
      let active = ranges[example]
      let place = sample.batch.labels[example] - active.lowerBound
      sums.labels -= Double(factor) * reference.logProbabilities(input, active, weights)[place]
      for group in targets.groups {
        let given = softened(logits, group.units).dropFirst(
          group.known.lowerBound - group.units.lowerBound)
        let pairs = zip(softened(wanted, group.known), given)
        sums.targets +=
          Double(factor * group.weight)
          * pairs.reduce(0) { $0 + $1.0 * (logarithm($1.0) - logarithm($1.1)) }
      }
    }
    return sums
  }

  @Test(arguments: shapes, [Float(1), 2, 5])
  func `have the gradient of finite differences`(hidden: [Int], temperature: Float) {
    let sample = sample(hidden)
    let targets = SoftTargets(
      weights: other(sample), temperature: temperature,
      groups: [.init(units: 0..<2, weight: 1), .init(units: 2..<6, known: 3..<5, weight: 0.5)])
    let found = gradient(sample, targets)
    let expected = byHand(sample, targets, sample.doubleWeights)
    #expect(abs(found.labels - expected.labels) < 1e-5 * expected.labels)
    #expect(abs(found.targets - expected.targets) < 1e-4 * expected.targets)
    expectClose(
      found.values,
      centralDifferences(at: sample.doubleWeights) {
        let loss = byHand(sample, targets, $0)
        return loss.labels + loss.targets
      }, relative: 1e-3)
  }

  @Test(arguments: shapes)
  func `are at no distance and change nothing where the weights are the same`(hidden: [Int]) {
    let sample = sample(hidden)
    let targets = SoftTargets(
      weights: Vector(copying: sample.weights.view), temperature: 2,
      groups: [.init(units: 0..<6, weight: 3)])
    let found = gradient(sample, targets)
    #expect(found.targets == 0)
    let plain = Vector(count: sample.model.layout.count)
    _ = sample.model.gradient(
      of: sample.batch, factors: factors, at: sample.weights.base, into: plain.base,
      using: sample.workspace)
    expectClose(found.values, plain.array)
  }

  /// With T = 1 and another network that is sure, the answers are labels.
  @Test func `are labels where the other network is sure`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 3)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<3)[0] = 1
    let (weights, sure) = (Vector([0.5, -1, 0.25, 0, 0, 0]), Vector([0, 90, 0, 0, 0, 0]))
    let workspace = Workspace(model: model, capacity: 1)
    let (soft, hard) = (Vector(count: 6), Vector(count: 6))
    _ = model.gradient(
      of: batch, factors: [1],
      targets: SoftTargets(
        weights: sure, temperature: 1, groups: [.init(units: 0..<3, weight: 1)]),
      at: weights.base, into: soft.base, using: workspace)
    for label in [0, 1] {
      batch.removeAll()
      batch.append(label: label, active: 0..<3)[0] = 1
      let one = Vector(count: 6)
      _ = model.gradient(of: batch, at: weights.base, into: one.base, using: workspace)
      Kernels.add(one.base, to: hard.base, count: 6)
    }
    expectClose(soft.array, hard.array)
  }

  /// One answer of each group counts: that is cross-entropy with the other network's answer for a
  /// label, though other units of the group may be likelier to it.
  @Test(arguments: shapes)
  func `are the likeliest known units where they are hard`(hidden: [Int]) {
    let sample = sample(hidden)
    let (units, known) = (1..<6, 2..<5)
    let targets = SoftTargets(
      weights: other(sample), temperature: 1,
      groups: [.init(units: units, known: known, weight: 0.5)], isHard: true)
    let found = Vector(repeating: 1, count: sample.model.layout.count)
    let loss = sample.model.addGradient(
      of: sample.batch, factors: factors, targets: targets, at: sample.weights.base,
      to: found.base, using: sample.workspace)
    let logits = sample.model.logits(
      of: sample.batch, at: targets.weights.base, using: sample.workspace)
    var labelled = Batch(capacity: factors.count, inputs: sample.model.inputs)
    for example in factors.indices {
      let answers = known.map { logits[example * 6 + $0] }
      let place = answers.indices.max { answers[$0] < answers[$1] } ?? 0
      let row = labelled.append(label: known.lowerBound + place, active: units)
      for (index, value) in sample.input(example).enumerated() { row[index] = value }
    }
    let expected = Vector(count: found.count)
    let other = sample.model.gradient(
      of: labelled, factors: factors.map { $0 / 2 }, at: sample.weights.base,
      into: expected.base, using: sample.workspace)
    #expect(abs(loss - other) < 1e-5 * other)
    let largest = expected.array.map { abs($0) }.max() ?? 0
    for index in 0..<found.count {
      #expect(abs(found[index] - 1 - expected[index]) < 1e-5 * max(1, largest))
    }
  }

  /// What is added beside labels is what is added without.
  @Test(arguments: shapes)
  func `are the same without labels`(hidden: [Int]) {
    let sample = sample(hidden)
    let targets = SoftTargets(
      weights: other(sample), temperature: 2,
      groups: [.init(units: 0..<2, weight: 1), .init(units: 2..<6, known: 3..<5, weight: 0.5)])
    let sum = Vector(count: sample.model.layout.count)
    _ = sample.model.gradient(
      of: sample.batch, factors: factors, at: sample.weights.base, into: sum.base,
      using: sample.workspace)
    let distance = sample.model.addGradient(
      of: sample.batch, factors: factors, targets: targets, at: sample.weights.base,
      to: sum.base, using: sample.workspace)
    let both = gradient(sample, targets)
    #expect(abs(distance - both.targets) < 1e-6 * both.targets)
    let largest = both.values.map { abs($0) }.max() ?? 0
    #expect(zip(sum.array, both.values).allSatisfy { abs($0 - $1) < 1e-5 * largest })
  }

  /// For a large T and logits of mean 0, T² times the gradient is (z − z')/K.
  @Test func `are differences of logits where the temperature is high`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<1)[0] = 1
    let temperature: Float = 100
    let (weights, gradient) = (Vector([2.5, -2.5, 0, 0]), Vector(count: 4))
    _ = model.gradient(
      of: batch, factors: [1],
      targets: SoftTargets(
        weights: Vector([1, -1, 0, 0]), temperature: temperature,
        groups: [.init(units: 0..<2, weight: temperature * temperature)]),
      at: weights.base, into: gradient.base,
      using: Workspace(model: model, capacity: 1))
    // (2.5 − 1)/2 and its negative; a label that is alone adds nothing.
    #expect(abs(gradient[0] - 0.75) < 1e-3 && abs(gradient[1] + 0.75) < 1e-3)
  }
}
