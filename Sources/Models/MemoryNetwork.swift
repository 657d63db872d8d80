public import Tensors

/// An end-to-end memory network: it reads a text into memories, asks them the question, and asks
/// again with what it has been answered.
///
/// Sentences and question become vectors: the sum of their words' vectors by place
/// (``PositionEncoding``), a sentence's with the vector of its time. In hop k the state u meets
/// each memory, p = softmax(mᵀu), and takes up their other side, u ← u + Σ p c. Matrices are tied
/// as neighbours: what answers in one hop is asked in the next, the first reads the question as
/// well, and the last gives the scores of the answers, which are words. Lines of the table without
/// a time are no memories: no p goes to them.
///
/// - Source: Sukhbaatar et al. 2015 (End-to-end memory networks), §2–4.
public struct MemoryNetwork: Network {
  /// How questions come, with the words that output units stand for.
  let text: TextShape
  /// Elements d of a word's vector.
  let width: Int
  /// Times that it asks.
  let hops: Int
  /// Whether p is mᵀu itself: how training may begin, so that it does not get stuck early.
  let isLinear: Bool
  /// `embedding1.weight` [words, d], …, one more than hops. Row 0 is of no word and stays 0; then
  /// come the words, then the times.
  public let layout: ParameterLayout
  let encoding: PositionEncoding

  /// - Parameters:
  ///   - text: With the words that output units stand for, at least one.
  ///   - width: Elements of a word's vector, ≥ 1.
  ///   - hops: ≥ 1.
  ///   - isLinear: Whether hops have no softmax.
  public init(text: TextShape, width: Int = 50, hops: Int = 3, isLinear: Bool = false) {
    precondition(width >= 1 && hops >= 1 && !text.answers.isEmpty, "a network has an answer")
    self.text = text
    self.width = width
    self.hops = hops
    self.isLinear = isLinear
    let rows = 1 + text.vocabulary + text.sentences
    layout = ParameterLayout(
      (1...hops + 1).map { (name: "embedding\($0).weight", shape: [rows, width]) })
    encoding = PositionEncoding(words: text.words, width: width)
  }

  /// The table of a question.
  public var inputs: Int { text.lineCount * text.lineWidth }
  /// Answers.
  public var outputs: Int { text.answers.count }
  /// The memories by each matrix, p in each hop, the states before and after each hop.
  public var activationCounts: [Int] {
    [(hops + 1) * text.sentences * width, hops * text.sentences, (hops + 1) * width]
  }

  /// d: the state after the last hop.
  public var featureCount: Int { width }

  /// The states after the last hop.
  public func features(of pass: Pass) -> UnsafePointer<Float> {
    UnsafePointer(Thoughts(self, pass).state(hops, 0))
  }

  /// Elements of one matrix.
  var matrixCount: Int { layout.tensors[0].count }
  /// The row of the vector of a time in each matrix; time 0 is the row before, a word's.
  var timeRow: Int { text.vocabulary }

  /// Draws all rows but that of no word; a matrix' draws do not depend on the others.
  public func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int) -> Vector {
    let weights = Vector(count: layout.count)
    for (number, tensor) in layout.tensors.enumerated() {
      var random = RandomStream(
        seed: seed, purpose: .initialization, node: draw, step: number)
      let end = tensor.range.upperBound
      rule.draw(
        weights.base, weights: tensor.offset + width..<end, biases: end..<end, fanIn: width,
        fanOut: width, &random)
    }
    return weights
  }

  /// Reads, asks, and gives the scores of the pass's units.
  ///
  /// - Complexity: O(words · hops · d) an example: a word of the text is looked up once a matrix.
  public func forward(_ pass: Pass) -> UnsafeMutablePointer<Float> {
    let count = pass.examples.count
    let thoughts = Thoughts(self, pass)
    for index in 0..<count { thoughts.think(index) }
    let logits = pass.workspace.logits.reserve(count * pass.units.count)
    multiply(
      rows: count, columns: pass.units.count, inner: width, thoughts.state(hops, 0), .asStored,
      answerRows(in: pass), .transposed, into: logits)
    return logits
  }

  /// Goes back from the answers over the hops to the words.
  public func addGradient(
    of rows: UnsafeMutablePointer<Float>, in pass: Pass, to gradient: UnsafeMutablePointer<Float>
  ) {
    let (count, units) = (pass.examples.count, pass.units.count)
    let thoughts = Thoughts(self, pass)
    let deltas = pass.workspace.deltas.0.reserve(count * width)
    multiply(
      rows: count, columns: width, inner: units, rows, .asStored, answerRows(in: pass), .asStored,
      into: deltas)
    let answers = pass.workspace.spare.0.reserve(units * width)
    multiply(
      rows: units, columns: width, inner: count, rows, .transposed, thoughts.state(hops, 0),
      .asStored, into: answers)
    for (index, unit) in pass.units.enumerated() {
      Kernels.add(answers + index * width, to: answerRow(unit, of: gradient), count: width)
    }
    for index in 0..<count {
      thoughts.goBack(index, from: deltas + index * width, to: gradient)
    }
  }

  /// Example by example and row by row: words share their vectors, so that a derivative is a sum
  /// before it is squared. O(P) a row.
  public func addMoments(
    _ moment: Moment, of rows: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>
  ) {
    let units = pass.units.count
    let thoughts = Thoughts(self, pass)
    let answers = answerRows(in: pass)
    let derivative = pass.workspace.groupGradient.reserve(layout.count)
    let delta = pass.workspace.deltas.0.reserve(width)
    rows.forEach(columns: units) { index, first, count in
      for rank in 0..<count {
        let row = first + rank * units
        derivative.update(repeating: 0, count: layout.count)
        delta.update(repeating: 0, count: width)
        let state = thoughts.state(hops, index)
        for (place, unit) in pass.units.enumerated() where row[place] != 0 {
          Kernels.addScaled(answers + place * width, by: row[place], to: delta, count: width)
          Kernels.addScaled(
            state, by: row[place], to: answerRow(unit, of: derivative), count: width)
        }
        thoughts.goBack(index, from: delta, to: derivative)
        moment.add(derivative, to: sum, count: layout.count)
      }
    }
  }

  /// What the last matrix has for an output unit's word.
  private func answerRow(
    _ unit: Int, of parameters: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    parameters + hops * matrixCount + text.answers[unit] * width
  }

  /// The vectors of the answers of the pass's units, units × d.
  private func answerRows(in pass: Pass) -> UnsafePointer<Float> {
    let rows = pass.workspace.spare.1.reserve(pass.units.count * width)
    let matrix = pass.weights + hops * matrixCount
    for (index, unit) in pass.units.enumerated() {
      (rows + index * width).update(from: matrix + text.answers[unit] * width, count: width)
    }
    return UnsafePointer(rows)
  }
}
