import Launch
import Models
import Running
import Streams
import Tensors

/// A worker's gradient of a memory network against PyTorch's: questions about texts of the lengths
/// that the bAbI tasks have, of the same sizes on both sides.
struct QuestionBench {
  let rounds: Int
  let peer: TorchPeer?

  private static let batchCount = 32

  func rows() throws -> [BenchRow] {
    var own: [Double] = []
    var other: [Double] = []
    let measure = gradient()
    for _ in 0..<rounds {
      try Interruption.check()
      own.append(measure())
      if let peer { other.append(try peer.measure(["memory"])) }
    }
    let theirs = other.isEmpty ? nil : median(other)
    return [
      BenchRow(
        name: "memory network, 3 hops of 50, batch \(Self.batchCount)",
        value: median(own), unit: "questions/s",
        yardstick: theirs == nil ? nil : "PyTorch, one thread",
        yardstickValue: theirs, ratio: theirs.map { median(own) / $0 }, target: "≥ 3")
    ]
  }

  /// Questions a second.
  private func gradient() -> () -> Double {
    let text = TextShape(
      sentences: 50, words: 11, vocabulary: 174, answers: Array(1...58))
    let network = MemoryNetwork(text: text)
    let workspace = Workspace(model: network, capacity: Self.batchCount)
    let batches = (0..<10).map { batch($0, text) }
    let weights = network.initialWeights(.normal, seed: 1)
    let gradient = Vector(count: weights.count)
    return {
      var times: [Double] = []
      for turn in 0..<320 {
        let time = seconds {
          _ = network.gradient(
            of: batches[turn % batches.count], at: weights.base, into: gradient.base,
            using: workspace)
        }
        if turn >= 20 { times.append(time) }
      }
      // All batches count: some are longer than others.
      return Double(Self.batchCount * times.count) / times.reduce(0, +)
    }
  }

  /// Texts of 2 to 28 sentences, one in twenty of 50, of 4 to 8 words: 16 sentences in the mean.
  private func batch(_ number: Int, _ text: TextShape) -> Batch {
    var random = RandomStream(seed: 1, purpose: .test, step: number)
    var batch = Batch(
      capacity: Self.batchCount, inputs: text.lineCount * text.lineWidth)
    for _ in 0..<Self.batchCount {
      let row = batch.append(label: random.index(below: 58), active: 0..<58)
      row.update(repeating: 0, count: batch.inputCount)
      let sentences = random.index(below: 20) == 0 ? 50 : 2 + random.index(below: 27)
      for line in 0...sentences {
        for word in 0..<4 + random.index(below: 5) {
          row[line * text.lineWidth + word] = Float(1 + random.index(below: text.vocabulary))
        }
        row[line * text.lineWidth + text.words] = Float(line)
      }
    }
    return batch
  }
}
