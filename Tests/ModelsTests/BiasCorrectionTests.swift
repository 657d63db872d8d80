import Testing

@testable import Models
@testable import Tensors

/// What workers state of some examples: old units' scores, newest units' scores, the right unit.
private func record(
  _ key: Int, old: [Double], newest: [Double], label: Int
) -> StatementRecord {
  let norm = logarithm(old.reduce(0) { $0 + exponential($1) })
  return StatementRecord(
    key: UInt64(key),
    values: [Float(old.count), Float(label < old.count ? -1 : label - old.count), Float(norm)]
      + newest.map { Float($0) })
}

/// Examples whose scores are right as they are: of those with the same ones, as many have a label
/// as its probability says.
private struct Calibrated {
  /// Scores of two old and two new units, as logarithms of whole numbers.
  static let weights: [[Int]] = [[1, 2, 3, 4], [4, 1, 2, 3], [6, 1, 1, 2], [1, 1, 7, 1]]

  /// - Parameter shift: What was made of the newest units' scores.
  static func records(shifted shift: (Double) -> Double = { $0 }) -> [StatementRecord] {
    var records: [StatementRecord] = []
    for weights in weights {
      let scores = weights.map { logarithm(Double($0)) }
      for (label, count) in weights.enumerated() {
        for _ in 0..<count {
          records.append(
            record(
              records.count, old: Array(scores[..<2]), newest: scores[2...].map(shift),
              label: label))
        }
      }
    }
    return records
  }
}

@Suite struct `The bias of the newest classes` {
  @Test func `is none where scores are right`() {
    let fit = BiasCorrection().fit(to: Calibrated.records())
    #expect(abs(fit[0] - 1) < 1e-5 && abs(fit[1]) < 1e-5)
    #expect(fit[2...] == [2, 4])
  }

  /// o' = (o − β)/α was made of o: the fit goes back.
  @Test(arguments: [(0.5, -1.0), (0.25, 0.75), (1, -3), (2, 1)])
  func `is found where scores were shifted`(scale: Double, shift: Double) {
    let records = Calibrated.records { ($0 - shift) / scale }
    let fit = BiasCorrection(penalty: 0).fit(to: records)
    #expect(abs(Double(fit[0]) - scale) < 1e-3 && abs(Double(fit[1]) - shift) < 1e-3)
  }

  /// The penalty is on β alone.
  @Test func `is found the less the more it costs, β first`() {
    let records = Calibrated.records { $0 + 3 }
    let shifts = [0, 0.1, 10].map { BiasCorrection(penalty: $0).fit(to: records)[1] }
    #expect(shifts[0] < shifts[1] && shifts[1] < shifts[2] && shifts[2] < 0)
    let scaled = Calibrated.records { 2 * $0 }
    #expect(abs(BiasCorrection(penalty: 1e6).fit(to: scaled)[0] - 0.5) < 1e-3)
  }

  /// Newton against a grid.
  @Test func `is where the loss is least`() {
    let records = (0..<12).map { index in
      record(
        index, old: [Double(index % 5), 1], newest: [Double(index % 3) + 2, Double(index % 4)],
        label: index % 4)
    }
    func loss(_ scale: Double, _ shift: Double) -> Double {
      records.reduce(0.05 * shift * shift) { sum, record in
        let corrected = record.values[3...].map { scale * Double($0) + shift }
        let old = Double(record.values[2])
        let norm = logarithm(corrected.reduce(exponential(old)) { $0 + exponential($1) })
        let place = Int(record.values[1])
        return sum + (norm - (place < 0 ? old : corrected[place])) / Double(records.count)
      }
    }
    let fit = BiasCorrection(penalty: 0.1).fit(to: records).map { Double($0) }
    let least = loss(fit[0], fit[1])
    for (scale, shift) in [(0.01, 0.0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.01, 0.01)] {
      #expect(loss(fit[0] + scale, fit[1] + shift) > least)
    }
  }

  @Test func `is not looked for without old classes, or in what is no statement`() {
    let sample = Sample(hidden: [5], ranges: [0..<2, 0..<2], seed: 3)
    let statement = BiasCorrection().statement(
      of: sample.batch, keys: [1, 2], newest: 0..<2, by: sample.model, at: sample.weights.base,
      using: sample.workspace)
    #expect(statement.isEmpty && BiasCorrection().fit(to: []).isEmpty)
    let odd: [[Float]] = [[], [1], [2, .nan, 0, 1], [2, 7, 0, 1], [.nan, -1, .nan, .nan]]
    for values in odd {
      let fit = BiasCorrection().fit(to: [StatementRecord(key: 0, values: values)])
      #expect(fit.count <= 4)
    }
    for fit in [[], [1, 2, 3], [1, 0, 3, 2], [1, 0, .nan, 4], [1, 0, .infinity, 4]] as [[Float]] {
      #expect(BiasCorrection().correction(fit) == nil)
    }
  }

  /// A fit to examples that one α tells apart without an error ends.
  @Test func `is finite where examples can be told apart`() {
    let records = [
      record(0, old: [0], newest: [3], label: 1), record(1, old: [0], newest: [-3], label: 0),
    ]
    let fit = BiasCorrection().fit(to: records)
    #expect(fit.allSatisfy(\.isFinite) && fit[0] > 1 && fit[0] < 100)
  }

  @Test(arguments: [1, 2, 3])
  func `is the same for any number of workers, in any order`(workers: Int) {
    let records = Calibrated.records { 2 * $0 + 1 }
    var statements = Array(repeating: [StatementRecord](), count: workers)
    for (index, record) in records.reversed().enumerated() {
      statements[index % workers].append(record)
    }
    let merged = [StatementRecord].merged(statements)
    #expect(merged == records)
    #expect(merged.map { BiasCorrection().fit(to: $0) } == BiasCorrection().fit(to: records))
  }

  /// What a worker states is what the fit needs, and the answers are those of corrected scores.
  @Test func `is stated of the network's scores and taken from them again`() throws {
    let sample = Sample(
      hidden: [5], ranges: Array(repeating: 0..<6, count: 20), seed: 3)
    let statement = BiasCorrection().statement(
      of: sample.batch, keys: (0..<20).map { UInt64($0) }, newest: 4..<6, by: sample.model,
      at: sample.weights.base, using: sample.workspace)
    let weights = sample.weights.array
    let fit = BiasCorrection().fit(to: statement)
    #expect(sample.weights.array == weights)
    let correction = try #require(BiasCorrection().correction(fit))
    #expect(correction.units == 4..<6)
    for (index, record) in statement.enumerated() {
      let logits = sample.reference.logits(sample.input(index), sample.doubleWeights)
      let label = sample.batch.labels[index]
      #expect(record.values[1] == (label < 4 ? -1 : Float(label - 4)))
      let norm = logarithm(logits[..<4].reduce(0) { $0 + exponential($1) })
      #expect(abs(Double(record.values[2]) - norm) < 1e-5)
      #expect(abs(Double(record.values[3]) - logits[4]) < 1e-5)
    }
    let answers = BiasCorrection().answers(
      to: sample.batch, of: sample.model, at: sample.weights.base, fit: [0.5, -2, 4, 6],
      using: sample.workspace)
    var (before, after) = (0, 0)
    for index in 0..<20 {
      var logits = sample.reference.logits(sample.input(index), sample.doubleWeights)
      before += logits[4...].max() == logits.max() ? 1 : 0
      for unit in 4..<6 { logits[unit] = logits[unit] / 2 - 2 }
      after += logits[4...].max() == logits.max() ? 1 : 0
      #expect(answers.isRight[index] == (logits.max() == logits[sample.batch.labels[index]]))
    }
    #expect(answers.takenBefore == before && answers.takenAfter == after && before > after)
  }
}
