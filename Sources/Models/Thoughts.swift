import Tensors

/// What a ``MemoryNetwork`` makes of the examples of a pass: memories, p and states in the pass's
/// workspace, where the way back finds them.
struct Thoughts {
  private let network: MemoryNetwork
  private let pass: Pass
  private let memories: UnsafeMutablePointer<Float>
  private let attention: UnsafeMutablePointer<Float>
  private let states: UnsafeMutablePointer<Float>
  /// Derivatives by an example's memories, as these lie; then those by p of a hop.
  private let deltas: UnsafeMutablePointer<Float>

  /// After a forward pass the same memory with what that has left in it.
  init(_ network: MemoryNetwork, _ pass: Pass) {
    self.network = network
    self.pass = pass
    let (count, workspace) = (pass.examples.count, pass.workspace)
    let counts = network.activationCounts
    memories = workspace.activations[0].reserve(count * counts[0])
    attention = workspace.activations[1].reserve(count * counts[1])
    states = workspace.activations[2].reserve(count * counts[2])
    deltas = workspace.deltas.1.reserve(counts[0] + network.text.sentences)
  }

  private var width: Int { network.width }
  private var sentences: Int { network.text.sentences }

  /// The state of an example after a number of hops. Those after equally many of all examples lie
  /// one after another.
  func state(_ hop: Int, _ index: Int) -> UnsafeMutablePointer<Float> {
    states + (hop * pass.examples.count + index) * width
  }

  /// The memories of an example: matrices × sentences × d, of which the first lines are in use.
  private func memory(_ index: Int) -> UnsafeMutablePointer<Float> {
    memories + index * (network.hops + 1) * sentences * width
  }

  private func attention(_ index: Int, _ hop: Int) -> UnsafeMutablePointer<Float> {
    attention + (index * network.hops + hop) * sentences
  }

  private func table(_ index: Int) -> UnsafePointer<Float> {
    pass.inputs + index * network.inputs
  }

  // MARK: Up

  /// All that comes before the scores.
  func think(_ index: Int) {
    let table = table(index)
    let memory = memory(index)
    let matrixStride = sentences * width
    var count = 0
    forEachSentence(of: table) { line in
      let place = memory + count * width
      for matrix in 0...network.hops {
        let time = row(network.timeRow + network.time(of: line))
        (place + matrix * matrixStride).update(
          from: pass.weights + matrix * network.matrixCount + time, count: width)
      }
      network.forEachWord(of: line) { word, factors in
        for matrix in 0...network.hops {
          RowKernels.addProduct(
            of: pass.weights + matrix * network.matrixCount + row(word), factors,
            to: place + matrix * matrixStride, count: width)
        }
      }
      count += 1
    }
    let first = state(0, index)
    first.update(repeating: 0, count: width)
    network.forEachWord(of: table) { word, factors in
      RowKernels.addProduct(of: pass.weights + row(word), factors, to: first, count: width)
    }
    for hop in 0..<network.hops { ask(index, hop, memory, count) }
  }

  /// One hop.
  private func ask(
    _ index: Int, _ hop: Int, _ memory: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let (state, next) = (state(hop, index), state(hop + 1, index))
    next.update(from: state, count: width)
    guard count > 0 else { return }
    let asked = memory + hop * sentences * width
    let answering = asked + sentences * width
    let p = attention(index, hop)
    for line in 0..<count { p[line] = Kernels.dot(asked + line * width, state, count: width) }
    if !network.isLinear { _ = Softmax.normalize(p, count: count, active: 0..<count) }
    for line in 0..<count {
      Kernels.addScaled(answering + line * width, by: p[line], to: next, count: width)
    }
  }

  // MARK: Down

  /// Adds the derivatives by all parameters but those that the last matrix has as answers.
  ///
  /// - Parameter delta: By the last state; overwritten.
  func goBack(
    _ index: Int, from delta: UnsafeMutablePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let table = table(index)
    var count = 0
    forEachSentence(of: table) { _ in count += 1 }
    let matrixStride = sentences * width
    for matrix in 0...network.hops {
      (deltas + matrix * matrixStride).update(repeating: 0, count: count * width)
    }
    for hop in (0..<network.hops).reversed() { unask(index, hop, count, delta) }
    var place = deltas
    forEachSentence(of: table) { line in
      let time = row(network.timeRow + network.time(of: line))
      for matrix in 0...network.hops {
        Kernels.add(
          place + matrix * matrixStride, to: gradient + matrix * network.matrixCount + time,
          count: width)
      }
      network.forEachWord(of: line) { word, factors in
        for matrix in 0...network.hops {
          RowKernels.addProduct(
            of: place + matrix * matrixStride, factors,
            to: gradient + matrix * network.matrixCount + row(word), count: width)
        }
      }
      place += width
    }
    network.forEachWord(of: table) { word, factors in
      RowKernels.addProduct(of: delta, factors, to: gradient + row(word), count: width)
    }
  }

  /// Takes the derivative by a hop's outcome to its memories and to the state before it.
  private func unask(
    _ index: Int, _ hop: Int, _ count: Int, _ delta: UnsafeMutablePointer<Float>
  ) {
    let asked = memory(index) + hop * sentences * width
    let answering = asked + sentences * width
    let askedDeltas = deltas + hop * sentences * width
    let answeringDeltas = askedDeltas + sentences * width
    let (p, state) = (attention(index, hop), state(hop, index))
    let byScore = deltas + network.activationCounts[0]
    var mean: Float = 0
    for line in 0..<count {
      byScore[line] = Kernels.dot(delta, answering + line * width, count: width)
      mean += p[line] * byScore[line]
      Kernels.addScaled(delta, by: p[line], to: answeringDeltas + line * width, count: width)
    }
    if !network.isLinear {
      for line in 0..<count { byScore[line] = p[line] * (byScore[line] - mean) }
    }
    for line in 0..<count {
      Kernels.addScaled(state, by: byScore[line], to: askedDeltas + line * width, count: width)
      Kernels.addScaled(asked + line * width, by: byScore[line], to: delta, count: width)
    }
  }

  // MARK: Lines

  private func row(_ word: Int) -> Int { word * width }

  /// Calls a function with each line that is a sentence.
  private func forEachSentence(
    of table: UnsafePointer<Float>, _ body: (UnsafePointer<Float>) -> Void
  ) {
    let lineWidth = network.text.lineWidth
    for number in 1...sentences {
      let line = table + number * lineWidth
      if line[network.text.words] > 0 { body(line) }
    }
  }
}

extension MemoryNetwork {
  /// How far back a sentence is.
  fileprivate func time(of line: UnsafePointer<Float>) -> Int {
    let time = Int(line[text.words])
    precondition(time <= text.sentences, "there is no such time")
    return time
  }

  /// Calls a function with each word of a line and its factors.
  fileprivate func forEachWord(
    of line: UnsafePointer<Float>, _ body: (Int, UnsafePointer<Float>) -> Void
  ) {
    var length = 0
    while length < text.words, line[length] > 0 { length += 1 }
    guard length > 0 else { return }
    encoding.withFactors(of: length) { factors in
      for place in 0..<length {
        let word = Int(line[place])
        precondition(word <= text.vocabulary, "there is no such word")
        body(word, factors + place * width)
      }
    }
  }
}
