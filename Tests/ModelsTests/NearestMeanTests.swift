import Testing

@testable import Models
@testable import Tensors

@Suite struct `The nearest mean` {
  /// A network whose features are the inputs, as they are not negative.
  private let model = MultilayerPerceptron(inputs: 2, hidden: [2], outputs: 3)
  private let weights: Vector

  init() {
    weights = Vector(count: model.layout.count)
    weights[0] = 1
    weights[3] = 1
  }

  private func batch(_ points: [(label: Int, x: Float, y: Float)]) -> Batch {
    var batch = Batch(capacity: points.count, inputs: 2)
    for point in points {
      let row = batch.append(label: point.label, active: 0..<3)
      (row[0], row[1]) = (point.x, point.y)
    }
    return batch
  }

  private func statement(_ points: [(label: Int, x: Float, y: Float)]) -> [StatementRecord] {
    NearestMean().statement(
      of: batch(points), keys: points.indices.map { UInt64($0) }, newest: 2..<3, by: model,
      at: weights.base, using: Workspace(model: model, capacity: 8))
  }

  private func answers(
    _ points: [(label: Int, x: Float, y: Float)], _ fit: [Float]
  ) -> [Bool] {
    NearestMean().answers(
      to: batch(points), of: model, at: weights.base, fit: fit,
      using: Workspace(model: model, capacity: 8)
    ).isRight
  }

  @Test func `is that of features as long as 1, made as long as 1`() throws {
    // (3, 4)/5 and (1, 0) for class 0, (0, 2)/2 for class 2.
    let records = statement([(2, 0, 2), (0, 3, 4), (0, 7, 0)])
    #expect(records.map(\.key) == [0, 2])
    #expect(expectNear(records[0].values, [2, 1.6, 0.8]))
    #expect(records[1].values == [1, 0, 1])
    let fit = NearestMean().fit(to: records)
    // (0.8, 0.4) is √0.8 long.
    let length = Float(0.8).squareRoot()
    #expect(expectNear(fit, [0, 0.8 / length, 0.4 / length, 2, 0, 1]))
    // Between both at (0.53, 0.85); a class without a mean is never the answer.
    #expect(
      answers([(0, 6, 5), (2, 6, 5), (2, 1, 9), (0, 1, 9), (1, 5, 5)], fit)
        == [true, false, true, false, false])
  }

  @Test func `adds up over workers`() throws {
    let points: [(label: Int, x: Float, y: Float)] = [(0, 1, 2), (1, 2, 1), (0, 3, 1), (1, 0, 4)]
    let whole = statement(points)
    let merged = try #require(
      [StatementRecord].merged([
        statement([points[3], points[0]]), statement([points[1], points[2]]),
      ]))
    #expect(merged.map(\.key) == whole.map(\.key))
    for (one, other) in zip(merged, whole) { #expect(expectNear(one.values, other.values)) }
  }

  @Test func `is not looked for before there is one`() {
    let points: [(label: Int, x: Float, y: Float)] = [(0, 1, 1), (1, 1, 1)]
    // All scores are 0: the first unit's counts as the highest.
    for fit in [[], [1, 2], [0, 1, 0, 1]] as [[Float]] {
      #expect(answers(points, fit) == [true, false])
    }
    #expect(NearestMean().fit(to: []).isEmpty)
    #expect(answers(points, [.nan, 1, 0]) == [false, false])
    #expect(answers(points, [0, .nan, 0, 1, .nan, 0]) == [false, false])
  }

  /// Lengths that differ cannot be added.
  @Test func `is refused of statements that do not fit`() {
    let (one, two) = (
      [StatementRecord(key: 1, values: [1, 2])], [StatementRecord(key: 1, values: [1])]
    )
    #expect([StatementRecord].merged([one, two]) == nil)
  }

  /// A network without an intermediate result has its inputs for features.
  @Test func `is of what the last layer gets`() {
    let linear = MultilayerPerceptron(inputs: 3, hidden: [], outputs: 2)
    #expect(linear.featureCount == 3)
    let sample = Sample(hidden: [5, 4], ranges: [0..<6, 0..<6], seed: 2)
    #expect(sample.model.featureCount == 4)
    let pass = Pass(
      sample.model, sample.batch, 0..<2, at: sample.weights.base, using: sample.workspace)
    let logits = sample.model.forward(pass)
    let features = sample.model.features(of: pass)
    let (weight, bias) = (sample.model.layout.tensors[4], sample.model.layout.tensors[5])
    for example in 0..<2 {
      for unit in 0..<6 {
        var sum = sample.weights[bias.offset + unit]
        for index in 0..<4 {
          sum += sample.weights[weight.offset + unit * 4 + index] * features[example * 4 + index]
        }
        #expect(abs(sum - logits[example * 6 + unit]) < 1e-5)
      }
    }
  }

  private func expectNear(_ found: [Float], _ expected: [Float]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 }
  }
}
