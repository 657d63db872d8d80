import Compression
import Tensors
import Testing

@testable import Roles

@Suite struct `Parts of a block` {
  private let layout = ParameterLayout([
    (name: "first", shape: [4, 5]), (name: "bias", shape: [4]), (name: "second", shape: [2, 4]),
  ])

  @Test func `are the layers' matrices and what lies between them`() {
    #expect(
      MatrixPart.parts(of: 0..<32, layout: layout) == [
        MatrixPart(range: 0..<20, shape: .init(rows: 4, columns: 5)),
        MatrixPart(range: 20..<24, shape: nil),
        MatrixPart(range: 24..<32, shape: .init(rows: 2, columns: 4)),
      ])
  }

  @Test func `begin and end within a matrix`() {
    // Two values end the row that began before, then seven: a row and a part of the next.
    #expect(
      MatrixPart.parts(of: 3..<12, layout: layout) == [
        MatrixPart(range: 0..<2, shape: nil),
        MatrixPart(range: 2..<9, shape: .init(rows: 2, columns: 5)),
      ])
    #expect(
      MatrixPart.parts(of: 3..<9, layout: layout) == [MatrixPart(range: 0..<6, shape: nil)])
  }

  @Test(arguments: 0..<32, [1, 7, 32])
  func `fill any block`(start: Int, length: Int) {
    let block = start..<min(32, start + length)
    let parts = MatrixPart.parts(of: block, layout: layout)
    #expect(parts.flatMap { Array($0.range) } == Array(0..<block.count))
  }
}

@Suite struct `Memory of a block` {
  private let layout = ParameterLayout([
    (name: "weight", shape: [8, 6]), (name: "bias", shape: [8]),
  ])

  private func outer() -> Vector {
    let weight: [Float] = (0..<48).map { (index: Int) -> Float in
      Float(index / 6 + 1) * Float(index % 6 - 2)
    }
    let bias: [Float] = (0..<8).map { Float($0) }
    return Vector(weight + bias)
  }

  @Test func `sends a matrix of rank one and what is no matrix as they are`() throws {
    var memory = BlockMemory(
      0..<56, count: 56, layout: layout, codec: .powerSGD(rank: 1), options: .init())
    var draws = RandomStream(seed: 1, purpose: .test)
    let gradient = outer()
    let bytes = try memory.encode(
      gradient.view, step: 0, draws: &draws, indexSeed: draws, ranking: nil)
    let sent = try BlockMemory.decode(
      bytes, 0..<56, count: 56, layout: layout, codec: .powerSGD(rank: 1), indexSeed: draws)
    for index in 0..<56 { #expect(abs(sent[index] - gradient[index]) < 1e-4) }
  }

  @Test(arguments: [Codec.powerSGD(rank: 1), .topK(density: 0.1), .sign], 1..<4 as Range<UInt64>)
  func `loses nothing`(codec: Codec, seed: UInt64) throws {
    var memory = BlockMemory(0..<56, count: 56, layout: layout, codec: codec, options: .init())
    let (sent, given) = (Vector(count: 56), Vector(count: 56))
    for step in 0..<6 {
      var random = RandomStream(seed: seed, purpose: .test, step: step)
      let gradient = Vector((0..<56).map { _ in Float(random.normal()) })
      var draws = RandomStream(seed: seed, purpose: .test, node: 1, step: step)
      let bytes = try memory.encode(
        gradient.view, step: step, draws: &draws, indexSeed: draws, ranking: nil)
      let decoded = try BlockMemory.decode(
        bytes, 0..<56, count: 56, layout: layout, codec: codec, indexSeed: draws)
      Kernels.add(decoded.base, to: sent.base, count: 56)
      Kernels.add(gradient.base, to: given.base, count: 56)
    }
    let rest = memory.flush()
    for index in 0..<56 { #expect(abs(sent[index] + rest[index] - given[index]) < 1e-4) }
    #expect(memory.flush().array.allSatisfy { $0 == 0 })
  }
}

@Suite struct `A worker that was told of frozen places` {
  @Test func `keeps only what may still be sent`() throws {
    let plan = Communication(push: .topK(density: 0.1), frozenAbove: 1)
    let layout = ParameterLayout([(name: "all", shape: [20])])
    var pushEncoder = PushEncoder(plan, worker: .worker(0), blocks: [0..<20], layout: layout)
    let gradient = Vector((0..<20).map { Float($0 + 1) })
    _ = try pushEncoder.encode(.here(gradient.view), clock: 1, isLast: false)
    var held = ReceivedPenalty(blockCount: 1)
    // Mask above 9 are held.
    let places = Mask(of: gradient.view, atMost: 10)
    let message = Message(
      .frozen, run: 1, sender: .server(0), incarnation: 0, range: 0..<20,
      payload: .encoded(places.encode()))
    let seed = RandomStream(seed: 1, purpose: .test)
    #expect(held.enter(message, block: 0, held: nil, indexSeed: seed) == nil)
    pushEncoder.heed(held)
    let payload = try pushEncoder.encode(.here(gradient.view), clock: 2, isLast: false)[0]
    guard case .encoded(let bytes) = payload else { Issue.record("not encoded"); return }
    // One of ten: the largest of those that are open, from both steps.
    let sent = try places.scatter(Codec.decode(bytes, count: 10, indexSeed: seed).dense.view)
    #expect(sent.array == (0..<20).map { $0 == 9 ? 20 : 0 })
  }
}
