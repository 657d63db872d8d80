import Testing

@testable import Models
@testable import Tensors

@Suite struct `Pixel levels` {
  @Test(arguments: [(0.0, 1.0), (0.1307, 0.3081), (0.1, 0.2752)])
  func `are found again from inputs`(mean: Double, deviation: Double) {
    let levels = PixelLevels(mean: mean, deviation: deviation)
    for level in 0...255 {
      let input = Float((Double(level) / 255 - mean) / deviation)
      #expect(levels.level(of: input) == Float(level))
      var back: Float = 0
      levels.writeMean(of: [Float(3 * level)], examples: 3, into: &back, count: 1)
      #expect(abs(back - input) < 1e-5)
    }
  }

  @Test func `are whole for whatever lies between and beyond`() {
    let levels = PixelLevels()
    #expect([-0.1, 0.4999 / 255, 0.6 / 255, 2].map { levels.level(of: $0) } == [-26, 0, 1, 510])
  }
}

@Suite struct `Class sums` {
  /// Class 0 has levels (255, 0) and (51, 102), class 1 (0, 255): means (.6, .2) and (0, 1).
  @Test func `by hand`() {
    var sample = LocalRuleSample(ClassSums(inputs: 2, outputs: 2, levels: PixelLevels()))
    let first = sample.learn([[1, 0], [0, 1]], [0, 1], from: 0)
    #expect(first == 0)
    #expect(sample.weights.array == [255, 0, 0, 255, 1, 1])
    // (.2, .4) is (−.8, .4) from the mean of its class, which was the first example.
    let second = sample.learn([[0.2, 0.4]], [0], from: 2)
    #expect(abs(second - 0.8) < 1e-6)
    #expect(sample.weights.array == [306, 102, 0, 255, 2, 1])
    // 2 m·x − |m|² at (.5, .5): .8 − .4 and 1 − 1.
    let scores = sample.logits([[0.5, 0.5]])[0]
    #expect(abs(scores[0] - 0.4) < 1e-6 && abs(scores[1]) < 1e-6)
    #expect(
      sample.answers([[0.5, 0.5], [0.1, 0.9], [0.1, 0.9]], [0, 1, 0]) == [true, true, false])
  }

  /// n m·x at (.5, .5): 1.2 · .5 + .4 · .5 and .5.
  @Test func `by hand, by correlation`() {
    var sample = LocalRuleSample(
      ClassSums(inputs: 2, outputs: 2, levels: PixelLevels(), scores: .correlation))
    sample.learn([[1, 0], [0, 1], [0.2, 0.4]], [0, 1, 0], from: 0)
    let scores = sample.logits([[0.5, 0.5]])[0]
    #expect(abs(scores[0] - 0.8) < 1e-6 && abs(scores[1] - 0.5) < 1e-6)
  }

  @Test func `of nothing are zero, and a class without examples is never the answer`() {
    var sample = LocalRuleSample(ClassSums(inputs: 3, outputs: 3, levels: PixelLevels()))
    #expect(sample.sums([], [], from: 0).sums.allSatisfy { $0 == 0 })
    sample.learn([[0, 0, 0], [1, 1, 1]], [0, 2], from: 0)
    #expect(sample.logits([[1, 0, 1]])[0].allSatisfy { $0.isFinite })
    #expect(
      sample.answers([[0, 0, 0], [1, 1, 1], [0, 1, 0]], [0, 2, 1]) == [true, true, false])
  }

  /// 65,793 full pixels are 2²⁴ − 1.
  @Test func `know until when they are exact`() {
    let model = ClassSums(inputs: 1, outputs: 2, levels: PixelLevels())
    #expect(model.isExact(at: [65_793 * 255, 0, 65_793, 0]))
    #expect(!model.isExact(at: [65_794 * 255, 0, 65_794, 0]))
    #expect(model.idleUnits(at: [0, 0, 0, 0]) == nil)
  }

  /// The nearest mean among the active classes, by a search in double precision.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `find the nearest mean`(seed: UInt64) {
    let levels = PixelLevels(mean: 0.3, deviation: 0.7)
    let (inputs, labels) = (
      drawnInputs(60, width: 7, seed: seed, levels: levels), (0..<60).map { $0 * $0 % 5 }
    )
    var sample = LocalRuleSample(ClassSums(inputs: 7, outputs: 5, levels: levels))
    sample.learn(inputs, labels, from: 0)
    func mean(_ label: Int) -> [Double] {
      let own = inputs.indices.filter { labels[$0] == label }
      return (0..<7).map { place in
        own.reduce(0) { $0 + Double(inputs[$1][place]) } / Double(own.count)
      }
    }
    let means = [0, 1, 4].map { (label: $0, mean: mean($0)) }
    for x in drawnInputs(40, width: 7, seed: seed + 10, levels: levels) {
      let distances = means.map { entry in
        zip(entry.mean, x).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
      }
      let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      #expect(sample.answers([x], [means[nearest].label]) == [true])
    }
  }

  @Test(arguments: [4, 5] as [UInt64])
  func `have the same bits in any order and any parts`(seed: UInt64) {
    let levels = PixelLevels(mean: 0.1307, deviation: 0.3081)
    let inputs = drawnInputs(60, width: 11, seed: seed, levels: levels)
    let labels = (0..<60).map { $0 % 3 }
    var whole = LocalRuleSample(ClassSums(inputs: 11, outputs: 3, levels: levels))
    whole.learn(inputs, labels, from: 0)
    var random = RandomStream(seed: seed, purpose: .test, node: 1)
    let order = random.permutation(of: 60)
    var parts = LocalRuleSample(whole.learner)
    for part in (0..<60).pieces(of: 13) {
      parts.learn(
        order[part].map { inputs[$0] }, order[part].map { labels[$0] }, from: part.lowerBound)
    }
    #expect(parts.weights.array == whole.weights.array)
  }
}
