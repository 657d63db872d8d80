import Testing

@testable import Models
@testable import Tensors

@Suite struct `Prototypes that compete` {
  /// Two units in one dimension: they start at 0 and 1; .2 is nearer to the first, .6 to the other.
  @Test func `by hand`() {
    var sample = LocalRuleSample(
      Prototypes(inputs: 1, outputs: 2, units: 2, levels: PixelLevels()))
    // The third example starts nothing and finds nobody to compete.
    let first = sample.learn([[0], [1], [0.4]], [0, 1, 1], from: 0)
    #expect(first == 0)
    #expect(sample.weights.array == [0, 255, 1, 0, 0, 1])
    let second = sample.learn([[0.2], [0.6]], [0, 1], from: 3)
    #expect(abs(second - (0.04 + 0.16) / 2) < 1e-6)
    #expect(sample.weights.array == [51, 408, 2, 0, 0, 2])
    // Means .1 and .8: .4 is nearer to the first, .5 to the second.
    #expect(sample.logits([[0.4], [0.5]]) == [[2, 0], [0, 2]])
    #expect(sample.answers([[0.4], [0.5]], [0, 1]) == [true, true])
  }

  @Test func `only the winner learns, and all of a step see what was before it`() {
    var sample = LocalRuleSample(
      Prototypes(inputs: 2, outputs: 1, units: 3, levels: PixelLevels()))
    sample.learn([[0, 0], [1, 0], [0, 1]], [0, 0, 0], from: 0)
    let inputs: [[Float]] = [[0.6, 0.2], [0.8, 0], [0.2, 0.2], [0.2, 0.6]]
    let together = sample.sums(inputs, [0, 0, 0, 0], from: 3).sums
    var apart = [Float](repeating: 0, count: together.count)
    for input in inputs {
      let sums = sample.sums([input], [0], from: 3).sums
      #expect(sums.suffix(3).filter { $0 > 0 } == [1])
      for (index, value) in sums.enumerated() { apart[index] += value }
    }
    #expect(together == apart && together.suffix(3) == [1, 2, 1])
  }

  /// K = 5 for two tasks: 0..<3 and 3..<5.
  @Test func `start as the first examples of their own task`() {
    var sample = LocalRuleSample(
      Prototypes(inputs: 1, outputs: 2, units: 5, levels: PixelLevels()))
    sample.learn([[0], [0.2]], [0, 0], stage: 0, of: 2, from: 0)
    sample.learn([[0.4], [0.4]], [0, 0], stage: 0, of: 2, from: 2)
    // The fourth example's nearest was the second.
    #expect(sample.weights.array.prefix(5) == [0, 153, 102, 0, 0])
    #expect(idle(sample) == [2, 5])
    let before = sample.weights.array
    sample.learn([[0.2], [1]], [1, 1], stage: 1, of: 2, from: 0)
    #expect(sample.weights.array.prefix(5) == [0, 153, 102, 51, 255])
    #expect(sample.weights.array[5..<11] == before[5..<11])
    #expect(idle(sample) == [0, 5])
  }

  private func idle(_ sample: LocalRuleSample) -> [Int] {
    sample.learner.idleUnits(at: sample.weights.base).map { [$0.idle, $0.all] } ?? []
  }

  /// Among the active classes, units that nobody of theirs has voted for do not compete.
  @Test func `answer with the votes of the nearest that knows an active class`() {
    var sample = LocalRuleSample(
      Prototypes(inputs: 1, outputs: 4, units: 2, levels: PixelLevels()))
    sample.learn([[0], [1]], [1, 3], from: 0)
    #expect(sample.answers([[0.1], [0.1]], [1, 3]) == [true, false])
    #expect(sample.answers([[0.1], [0.9]], [3, 3], active: 2..<4) == [true, true])
    #expect(sample.answers([[0.9]], [1], active: 0..<2) == [true])
    let fresh = LocalRuleSample(sample.learner)
    #expect(fresh.logits([[0.3]]) == [[0, 0, 0, 0]])
  }

  /// A step over all examples, at prototypes that are the means of what they win, adds to every
  /// prototype what it is already: Lloyd's fixed point.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `stay where k-means has come to rest`(seed: UInt64) {
    let inputs = drawnInputs(40, width: 3, seed: seed)
    let model = Prototypes(inputs: 3, outputs: 1, units: 4, levels: PixelLevels())
    func distance(_ x: [Float], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    }
    func nearest(_ x: [Float], _ means: [[Double]]) -> Int {
      means.indices.min { distance(x, means[$0]) < distance(x, means[$1]) } ?? 0
    }
    // Lloyd's algorithm, dumb and in double precision.
    var means = inputs.prefix(4).map { $0.map(Double.init) }
    for _ in 0..<100 {
      let cells = Dictionary(grouping: inputs) { nearest($0, means) }
      means = means.indices.map { unit in
        let cell = cells[unit] ?? []
        return (0..<3).map { place in
          cell.reduce(0) { $0 + Double($1[place]) } / Double(max(1, cell.count))
        }
      }
    }
    let cells = inputs.map { nearest($0, means) }
    #expect(Set(cells).count == 4)
    var sums = [Float](repeating: 0, count: model.layout.count)
    for (x, unit) in zip(inputs, cells) {
      for (place, value) in x.enumerated() { sums[unit * 3 + place] += (255 * value).rounded() }
      sums[12 + unit] += 1
    }
    let (weights, result) = (Vector(sums), Vector(uninitialized: sums.count))
    var batch = Batch(capacity: 40, inputs: 3)
    for x in inputs {
      let row = batch.append(label: 0, active: 0..<1)
      for (place, value) in x.enumerated() { row[place] = value }
    }
    let distances = model.learn(
      NumberedBatch(batch, stage: 0, of: 1, numbers: Array(100..<140)), at: weights.base,
      into: result.base, using: Workspace(model: model, capacity: 40))
    #expect(result.array == weights.array)
    let expected = zip(inputs, cells).reduce(0) { $0 + distance($1.0, means[$1.1]) } / 40
    #expect(abs(distances - expected) < 1e-5)
  }
}
