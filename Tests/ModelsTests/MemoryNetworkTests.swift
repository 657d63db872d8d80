import Testing

@testable import Models
@testable import Tensors

@Suite struct `A memory network` {
  @Test(arguments: [1, 2, 3], [false, true])
  func `has the gradient of differences in all matrices`(hops: Int, isLinear: Bool) {
    let sample = MemorySample(hops: hops, isLinear: isLinear, seed: UInt64(hops))
    let batch = sample.batch
    func meanLoss(_ weights: [Double]) -> Double {
      (0..<batch.count).reduce(0) {
        $0
          + sample.reference.loss(
            sample.table($1), batch.labels[$1], batch.active[$1], weights) / Double(batch.count)
      }
    }
    let gradient = Vector(repeating: .nan, count: sample.network.layout.count)
    let loss = sample.network.gradient(
      of: batch, at: sample.weights.base, into: gradient.base, using: sample.workspace)
    let expected = meanLoss(sample.doubleWeights)
    #expect(abs(loss - expected) < 1e-5 * expected)
    let differences = centralDifferences(at: sample.doubleWeights, of: meanLoss)
    expectClose(gradient.array, differences, relative: 1e-3)
    // Every matrix takes part: neighbours are tied, and the last is that of the answers, too.
    for tensor in sample.network.layout.tensors {
      #expect(differences[tensor.range].contains { abs($0) > 1e-3 }, "\(tensor.name)")
    }
  }

  @Test(arguments: 1...11)
  func `encodes places as two bags of words do`(length: Int) {
    let width = 7
    let encoding = PositionEncoding(words: 11, width: width)
    var random = RandomStream(seed: 3, purpose: .test, step: length)
    let text = TextShape(sentences: 1, words: 11, vocabulary: 5, answers: [1])
    let reference = ReferenceMemory(text: text, width: width, hops: 1)
    let weights = (0..<2 * 7 * width).map { _ in random.uniform(in: -1...1) }
    var line = [Float](repeating: 0, count: 12)
    var expected = [Double](repeating: 0, count: width)
    encoding.withFactors(of: length) { factors in
      for place in 0..<length {
        let word = 1 + random.index(below: 5)
        line[place] = Float(word)
        for element in 0..<width {
          expected[element] +=
            Double(factors[place * width + element]) * weights[word * width + element]
        }
      }
    }
    for (one, other) in zip(reference.encode(line, 0, weights), expected) {
      #expect(abs(one - other) < 1e-6)
    }
  }

  /// Words are their places at d = 1: of one word of one the factor is (1 − 1) − (1 − 2) = 1. The
  /// question is 2; the memories are 1 + 1 and 3 + 0 (word and time), so that p is (1/(1 + e²),
  /// e²/(1 + e²)); what they answer is 5 and 7.
  @Test func `of one hop answers as by hand`() {
    let text = TextShape(sentences: 2, words: 1, vocabulary: 3, answers: [1, 2])
    let network = MemoryNetwork(text: text, width: 1, hops: 1)
    // No word, words 1 to 3, times 1 and 2.
    let weights = Vector([0, 1, 2, 3, 1, 0, /**/ 0, 4, 6, 7, 1, 0])
    var batch = Batch(capacity: 1, inputs: 6)
    let row = batch.append(label: 0, active: 0..<2)
    for (index, value) in ([2, 0, 1, 1, 3, 2] as [Float]).enumerated() { row[index] = value }
    let p = 1 / (1 + exponential(2))
    let state = 2 + p * 5 + (1 - p) * 7
    let logits = network.logits(
      of: batch, at: weights.base, using: Workspace(model: network, capacity: 1))
    #expect(abs(Double(logits[0]) - 4 * state) < 1e-4)
    #expect(abs(Double(logits[1]) - 6 * state) < 1e-4)
  }

  @Test func `does not mind in which order memories lie, if their times go with them`() {
    let sample = MemorySample(hops: 3, seed: 5)
    let before = sample.network.logits(
      of: sample.batch, at: sample.weights.base, using: sample.workspace)
    let count = sample.network.inputs
    for example in 0..<sample.batch.count {
      let row = sample.batch.inputs.base + example * count
      let lines = (1...4).map { line in (0..<4).map { row[line * 4 + $0] } }
      for (line, from) in [2, 0, 3, 1].enumerated() {
        for index in 0..<4 { row[(line + 1) * 4 + index] = lines[from][index] }
      }
    }
    let after = sample.network.logits(
      of: sample.batch, at: sample.weights.base, using: sample.workspace)
    expectClose(after, before, relative: 1e-5)
    // But other times are another text.
    sample.batch.inputs[3 * count + 1 * 4 + 3] += 1
    let moved = sample.network.logits(
      of: sample.batch, at: sample.weights.base, using: sample.workspace)
    #expect(abs(moved[3 * 5] - after[3 * 5]) > 1e-4)
  }

  @Test func `pays blank lines no attention, and keeps no word at zero`() {
    let sample = MemorySample(seed: 6)
    let gradient = sample.gradient(of: sample.batch)
    for tensor in sample.network.layout.tensors {
      #expect(sample.weights.array[tensor.offset..<tensor.offset + 3].allSatisfy { $0 == 0 })
      #expect(gradient[tensor.offset..<tensor.offset + 3].allSatisfy { $0 == 0 })
    }
    // Whatever is there of no word does not matter to anybody.
    for tensor in sample.network.layout.tensors { sample.weights[tensor.offset] = 100 }
    #expect(sample.gradient(of: sample.batch) == gradient)
  }

  @Test func `gives answers that are not active no gradient beyond what their words have`() {
    let sample = MemorySample(hops: 1, seed: 7)
    let alone = sample.part(1)
    #expect(alone.active[0] == 0..<3)
    let gradient = sample.gradient(of: alone)
    // Unit 4's word is 1.
    let row = sample.network.layout.tensors[1].offset + 3
    let isTold = (4..<20).contains { sample.table(1)[$0] == 1 && $0 % 4 < 3 }
    #expect(gradient[row..<row + 3].allSatisfy { $0 == 0 } == !isTold)
  }

  @Test func `has for an estimator what one example after another gives`() {
    let sample = MemorySample(seed: 8)
    var squares = [Double](repeating: 0, count: sample.network.layout.count)
    for example in 0..<sample.batch.count {
      for (index, value) in sample.gradient(of: sample.part(example)).enumerated() {
        squares[index] += Double(value) * Double(value)
      }
    }
    expectClose(sample.importance(FisherInformation.empirical), squares)

    // Over all labels, each with its probability.
    var exact = [Double](repeating: 0, count: squares.count)
    var sizes = exact
    for example in 0..<sample.batch.count {
      let active = sample.batch.active[example]
      let table = sample.table(example)
      for label in active {
        let loss = sample.reference.loss(table, label, active, sample.doubleWeights)
        let slopes = centralDifferences(at: sample.doubleWeights) {
          sample.reference.loss(table, label, active, $0)
        }
        for (index, slope) in slopes.enumerated() {
          exact[index] += exponential(-loss) * slope * slope
        }
      }
      let slopes = centralDifferences(at: sample.doubleWeights) { weights in
        sample.reference.logits(table, weights)[active].reduce(0) { $0 + $1 * $1 }
      }
      for (index, slope) in slopes.enumerated() { sizes[index] += abs(slope) }
    }
    expectClose(sample.importance(FisherInformation.exact), exact, relative: 2e-3)
    expectClose(sample.importance(OutputSensitivity()), sizes, relative: 2e-3)
  }

  @Test func `has the size that is published`() {
    let text = TextShape(
      sentences: 50, words: 11, vocabulary: 174, answers: Array(1...58))
    #expect(MemoryNetwork(text: text).layout.count == 45_000)
    #expect(MemoryNetwork(text: text, width: 20).layout.count == 18_000)
    let kind = MemoryNetworkKind()
    #expect(kind.network(for: ImageShape(text), outputs: 58).outputs == 58)
    #expect(kind.opening(for: ImageShape(text), outputs: 58) == nil)
  }

  @Test func `may begin without softmax, with the same parameters`() throws {
    var kind = MemoryNetworkKind()
    kind.linearStart = 0.5
    let text = TextShape(sentences: 5, words: 4, vocabulary: 9, answers: [1, 2])
    let (shape, network) = (ImageShape(text), kind.network(for: ImageShape(text), outputs: 2))
    let opening = try #require(kind.opening(for: shape, outputs: 2))
    #expect(opening.network.layout == network.layout)
    #expect(opening.network.activationCounts == network.activationCounts)
    #expect((opening.network as? MemoryNetwork)?.isLinear == true)
    #expect((network as? MemoryNetwork)?.isLinear == false)
    #expect(
      (0..<6).map { opening.isOn(atStep: $0, of: 5) } == [true, true, true, false, false, false])
  }

  @Test func `draws each matrix for itself, rows of words and times only`() {
    let text = TextShape(sentences: 40, words: 4, vocabulary: 200, answers: [1, 2])
    let network = MemoryNetwork(text: text, width: 20, hops: 2)
    let weights = network.initialWeights(.normal, seed: 1)
    for tensor in network.layout.tensors {
      let values = weights.array[tensor.range].dropFirst(20)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
      #expect(abs(variance - 0.01) < 0.0008)
      #expect(values.allSatisfy { $0 != 0 })
    }
    let fewer = MemoryNetwork(text: text, width: 20, hops: 1).initialWeights(.normal, seed: 1)
    #expect(fewer.array == Array(weights.array.prefix(fewer.count)))
  }
}
