import Models
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The same memory network in double precision, an example at a time, with sentences as two bags of
/// words: slow, and too simple to be wrong.
struct ReferenceMemory {
  let text: TextShape
  let width: Int
  let hops: Int
  var isLinear = false

  private var rows: Int { 1 + text.vocabulary + text.sentences }

  /// Row `row` of matrix `matrix`.
  private func vector(_ matrix: Int, _ row: Int, _ weights: [Double]) -> [Double] {
    let start = (matrix * rows + row) * width
    return Array(weights[start..<start + width])
  }

  /// A line by one matrix: A b⁽¹⁾ − diag(k/d) A b⁽²⁾, with Σ (1 − j/J) and Σ (1 − 2j/J) in the bags.
  func encode(_ line: [Float], _ matrix: Int, _ weights: [Double]) -> [Double] {
    let words = line.dropLast().prefix { $0 > 0 }.map { Int($0) }
    var (first, second) = (
      [Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows)
    )
    for (index, word) in words.enumerated() {
      let place = Double(index + 1) / Double(words.count)
      first[word] += 1 - place
      second[word] += 1 - 2 * place
    }
    return (0..<width).map { element in
      var sums = (0.0, 0.0)
      for row in 0..<rows {
        let weight = vector(matrix, row, weights)[element]
        sums.0 += first[row] * weight
        sums.1 += second[row] * weight
      }
      return sums.0 - Double(element + 1) / Double(width) * sums.1
    }
  }

  /// Scores of all output units.
  func logits(_ table: [Float], _ weights: [Double]) -> [Double] {
    let lines = stride(from: 0, to: table.count, by: text.lineWidth).map {
      Array(table[$0..<$0 + text.lineWidth])
    }
    let told = lines.dropFirst().filter { $0[text.words] > 0 }
    func memory(_ line: [Float], _ matrix: Int) -> [Double] {
      let time = vector(matrix, text.vocabulary + Int(line[text.words]), weights)
      return zip(encode(line, matrix, weights), time).map { $0 + $1 }
    }
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    var state = encode(lines[0], 0, weights)
    for hop in 0..<hops {
      var p = told.map { dot(memory($0, hop), state) }
      if !isLinear, let top = p.max() {
        p = p.map { exp($0 - top) }
        let total = p.reduce(0, +)
        p = p.map { $0 / total }
      }
      for (line, share) in zip(told, p) {
        state = zip(state, memory(line, hop + 1)).map { $0 + share * $1 }
      }
    }
    return text.answers.map { dot(vector(hops, $0, weights), state) }
  }

  /// −log p of a unit, softmax over some.
  func loss(_ table: [Float], _ label: Int, _ active: Range<Int>, _ weights: [Double]) -> Double {
    let scores = logits(table, weights)
    let top = scores[active].max()!
    return top + log(scores[active].reduce(0) { $0 + exp($1 - top) }) - scores[label]
  }
}

/// A memory network, parameters and random questions small enough for differences.
struct MemorySample {
  let network: MemoryNetwork
  let reference: ReferenceMemory
  let weights: Vector
  var batch: Batch
  let workspace: Workspace

  /// Five answers, of which two units have one word. The first question has no text, the second a
  /// blank line in it.
  init(width: Int = 3, hops: Int = 2, isLinear: Bool = false, seed: UInt64) {
    let text = TextShape(sentences: 4, words: 3, vocabulary: 6, answers: [2, 5, 6, 5, 1])
    network = MemoryNetwork(text: text, width: width, hops: hops, isLinear: isLinear)
    reference = ReferenceMemory(text: text, width: width, hops: hops, isLinear: isLinear)
    weights = network.initialWeights(.normal, seed: seed)
    // Larger than usual, so that probabilities are uneven.
    Kernels.scale(weights.base, by: 6, count: weights.count)
    workspace = Workspace(model: network, capacity: 4)
    batch = Batch(capacity: 4, inputs: network.inputs)
    var random = RandomStream(seed: seed, purpose: .test)
    for (example, active) in [0..<5, 0..<3, 1..<4, 2..<5].enumerated() {
      let row = batch.append(
        label: active.lowerBound + random.index(below: active.count), active: active)
      row.update(repeating: 0, count: network.inputs)
      for line in 0...(example == 0 ? 0 : 4) where example != 1 || line != 2 {
        for word in 0..<1 + random.index(below: 3) {
          row[line * 4 + word] = Float(1 + random.index(below: 6))
        }
        row[line * 4 + 3] = Float(line)
      }
    }
  }

  var doubleWeights: [Double] { weights.array.map(Double.init) }

  func table(_ example: Int) -> [Float] {
    (0..<network.inputs).map { batch.inputs[example * network.inputs + $0] }
  }

  /// The example alone.
  func part(_ example: Int) -> Batch {
    var part = Batch(capacity: 1, inputs: network.inputs)
    let row = part.append(label: batch.labels[example], active: batch.active[example])
    for (index, value) in table(example).enumerated() { row[index] = value }
    return part
  }

  func gradient(of batch: Batch) -> [Float] {
    let gradient = Vector(repeating: .nan, count: network.layout.count)
    _ = network.gradient(of: batch, at: weights.base, into: gradient.base, using: workspace)
    return gradient.array
  }

  func importance(_ estimator: any ImportanceEstimator) -> [Float] {
    let sum = Vector(count: network.layout.count)
    var draws = RandomStream(seed: 1, purpose: .test)
    estimator.add(
      batch, of: network, at: weights.base, to: sum.base, using: workspace, draws: &draws)
    return sum.array
  }
}
