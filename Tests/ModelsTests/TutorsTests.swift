import Testing

@testable import Models
@testable import Tensors

@Suite struct `Answers of tutors` {
  private let ranges: [Range<Int>] = [0..<2, 2..<6, 0..<6, 4..<6]
  private let factors: [Float] = [0.5, 2, 1, 0.25]

  private func sample(_ hidden: [Int]) -> Sample {
    Sample(hidden: hidden, ranges: ranges, seed: 3)
  }

  /// Of the sample's inputs and outputs, with other layers between them.
  private func tutor(_ hidden: [Int], seed: UInt64) -> Tutors.Tutor {
    let network = MultilayerPerceptron(inputs: 4, hidden: hidden, outputs: 6)
    let weights = network.initialWeights(.pytorch, seed: seed)
    Kernels.scale(weights.base, by: 3, count: weights.count)
    return Tutors.Tutor(network, weights: weights)
  }

  private func gradient(
    _ sample: Sample, _ tutors: Tutors
  ) -> (values: [Float], loss: Double, distance: Double) {
    let result = Vector(repeating: .nan, count: sample.model.layout.count)
    let found = sample.model.gradient(
      of: sample.batch, factors: factors, tutors: tutors,
      tutorWorkspaces: tutors.workspaces(capacity: factors.count), at: sample.weights.base,
      into: result.base, using: sample.workspace)
    return (result.array, found.loss, found.distance)
  }

  private func labels(_ sample: Sample) -> [Float] {
    let result = Vector(count: sample.model.layout.count)
    _ = sample.model.gradient(
      of: sample.batch, factors: factors, at: sample.weights.base, into: result.base,
      using: sample.workspace)
    return result.array
  }

  /// (1 − α) CE + α T² CE(p'_T, p_T), in double precision.
  private func byHand(_ sample: Sample, _ tutors: Tutors, _ weights: [Double]) -> Double {
    let (temperature, share) = (Double(tutors.temperature), Double(tutors.share))
    func softened(_ logits: [Double], _ units: Range<Int>) -> [Double] {
      let values = units.map { exponential(logits[$0] / temperature) }
      return values.map { $0 / values.reduce(0, +) }
    }
    var sum = 0.0
    for (example, factor) in factors.enumerated() {
      let (input, active) = (sample.input(example), ranges[example])
      let place = sample.batch.labels[example] - active.lowerBound
      let hard = -sample.reference.logProbabilities(input, active, weights)[place]
      let given = softened(sample.reference.logits(input, weights), active)
      var wanted = active.map { _ in 0.0 }
      for tutor in tutors.all {
        guard let network = tutor.network as? MultilayerPerceptron else { continue }
        let logits = ReferenceNetwork(model: network)
          .logits(input, tutor.weights.array.map(Double.init))
        for (unit, p) in softened(logits, active).enumerated() {
          wanted[unit] += p / Double(tutors.all.count)
        }
      }
      let soft = zip(wanted, given).reduce(0) { $0 - $1.0 * logarithm($1.1) }
      sum += Double(factor) * ((1 - share) * hard + share * temperature * temperature * soft)
    }
    return sum
  }

  @Test(arguments: shapes, [Float(1), 3])
  func `have the gradient of finite differences`(hidden: [Int], temperature: Float) {
    let sample = sample(hidden)
    let tutors = Tutors(
      [tutor([7], seed: 9), tutor([3, 3], seed: 10)], temperature: temperature, share: 0.75)
    let found = gradient(sample, tutors)
    #expect(
      abs(found.loss - byHand(sample, tutors, sample.doubleWeights)) < 1e-5 * found.loss)
    expectClose(
      found.values,
      centralDifferences(at: sample.doubleWeights) { byHand(sample, tutors, $0) }, relative: 1e-3)
  }

  @Test(arguments: shapes)
  func `change nothing where they are the network itself`(hidden: [Int]) {
    let sample = sample(hidden)
    let same = Tutors.Tutor(sample.model, weights: Vector(copying: sample.weights.view))
    let whole = gradient(sample, Tutors([same], temperature: 3, share: 1))
    #expect(whole.values.allSatisfy { $0 == 0 } && abs(whole.distance) < 1e-6)
    let half = gradient(sample, Tutors([same], temperature: 3, share: 0.5))
    expectClose(half.values, labels(sample).map { $0 / 2 })
  }

  /// With T = 1 and tutors that are sure, the answers are labels.
  @Test func `are labels where they are sure`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 3)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<3)[0] = 1
    let (weights, sure) = (Vector([0.5, -1, 0.25, 0, 0, 0]), Vector([0, 90, 0, 0, 0, 0]))
    let workspace = Workspace(model: model, capacity: 1)
    let tutors = Tutors([.init(model, weights: sure)], temperature: 1, share: 1)
    let (soft, hard) = (Vector(count: 6), Vector(count: 6))
    let found = model.gradient(
      of: batch, factors: [1], tutors: tutors, tutorWorkspaces: tutors.workspaces(capacity: 1),
      at: weights.base, into: soft.base, using: workspace)
    batch.removeAll()
    batch.append(label: 1, active: 0..<3)[0] = 1
    let loss = model.gradient(of: batch, at: weights.base, into: hard.base, using: workspace)
    expectClose(soft.array, hard.array)
    #expect(abs(found.loss - loss) < 1e-6)
  }

  /// For a large T and logits of mean 0 the gradient is α (z − z')/K.
  @Test func `are differences of logits where the temperature is high`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<2)[0] = 1
    let tutors = Tutors(
      [.init(model, weights: Vector([1, -1, 0, 0]))], temperature: 100, share: 1)
    let (weights, gradient) = (Vector([2.5, -2.5, 0, 0]), Vector(count: 4))
    _ = model.gradient(
      of: batch, factors: [1], tutors: tutors, tutorWorkspaces: tutors.workspaces(capacity: 1),
      at: weights.base, into: gradient.base, using: Workspace(model: model, capacity: 1))
    #expect(abs(gradient[0] - 0.75) < 1e-3 && abs(gradient[1] + 0.75) < 1e-3)
  }
}
