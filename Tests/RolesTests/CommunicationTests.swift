import Compression
import Tensors
import Testing

@testable import Roles

private func vector(_ seed: Int, _ count: Int) -> Vector {
  var random = RandomStream(seed: 3, purpose: .test, node: seed)
  return Vector((0..<count).map { _ in Float(random.normal()) })
}

/// A block after a payload, as a worker reads it.
private func applying(
  _ payload: Message.Payload, to old: VectorView, from version: UInt64, _ plan: Communication
) throws -> [Float] {
  switch payload {
  case .tensor(let view): return view.array
  case .encoded(let bytes):
    let next = Vector(copying: old)
    var version = version
    for change in try #require(ChangeChain.decode(bytes)) {
      version += 1
      try Codec.decode(
        Array(change), count: next.count,
        indexSeed: plan.indexSeed(.server(0), version, block: 0)
      ).addScaled(1, to: next.base)
    }
    return next.array
  case .none, .control, .deferred: throw CancellationError()
  }
}

@Suite struct `Changes of weights` {
  @Test(arguments: [
    Codec.topK(density: 0.1), .int8(), .randomK(density: 0.2), .sign, .fp16,
  ])
  func `bring every version that is kept to the present one, bit for bit`(codec: Codec) throws {
    let plan = Communication(seed: 9, pull: codec, ringCount: 4)
    let count = 300
    var pullEncoder = PullEncoder(
      plan, codec: codec, server: .server(0), weights: [vector(0, count).view])
    var seen = [pullEncoder.blocks[0]]
    for version in 1...6 {
      try pullEncoder.enter(vector(version, count).view, block: 0, version: UInt64(version))
      seen.append(pullEncoder.blocks[0])
    }
    for version in 0...6 {
      let payload = pullEncoder.payload(block: 0, from: UInt64(version), to: 6)
      let isWhole = if case .tensor = payload { true } else { false }
      // Versions 0 and 1 have left the ring of four.
      if version < 2 { #expect(isWhole) }
      #expect(
        try applying(payload, to: seen[version], from: UInt64(version), plan) == seen[6].array)
    }
  }

  @Test func `what is left out comes with later changes`() throws {
    let codec = Codec.topK(density: 0.05)
    let plan = Communication(pull: codec)
    let target = vector(1, 200)
    var pullEncoder = PullEncoder(
      plan, codec: codec, server: .server(0), weights: [Vector(count: 200).view])
    for version in 1...20 {
      try pullEncoder.enter(target.view, block: 0, version: UInt64(version))
    }
    #expect(pullEncoder.blocks[0].array == target.array)
  }

  @Test func `chains that are none are refused`() {
    let chain = ChangeChain.encode([[1, 2, 3], [], [4]])
    #expect(ChangeChain.decode(chain).map { $0.map(Array.init) } == [[1, 2, 3], [], [4]])
    for length in 0..<chain.count {
      #expect(ChangeChain.decode(Array(chain.prefix(length))) == nil)
    }
    #expect(ChangeChain.decode(chain + [0]) == nil)
    #expect(ChangeChain.decode([255, 255, 255, 255, 9]) == nil)
  }
}

@Suite struct `A worker's pushes` {
  @Test(arguments: ErrorFeedback.Boundary.allCases)
  func `lose nothing over a position but what the boundary drops`(
    boundary: ErrorFeedback.Boundary
  ) throws {
    let plan = Communication(push: .topK(density: 0.1), boundary: boundary)
    var pushEncoder = PushEncoder(
      plan, worker: .worker(0), blocks: [0..<40, 40..<100],
      layout: ParameterLayout([(name: "all", shape: [10, 10])]))
    let (sent, wanted) = (Vector(count: 100), Vector(count: 100))
    for step in 1...8 {
      let gradient = vector(step, 100)
      Kernels.add(gradient.base, to: wanted.base, count: 100)
      let payloads = try pushEncoder.encode(
        .here(gradient.view), clock: UInt64(step), isLast: step == 8)
      for (payload, range) in zip(payloads, [0..<40, 40..<100]) {
        switch payload {
        case .tensor(let view):
          Kernels.add(view.base, to: sent.base + range.lowerBound, count: range.count)
        case .encoded(let bytes):
          try Codec.decode(
            bytes, count: range.count,
            indexSeed: plan.indexSeed(.worker(0), UInt64(step), block: 0)
          ).addScaled(1, to: sent.base + range.lowerBound)
        case .none, .control, .deferred: Issue.record("no vector")
        }
      }
    }
    let rest = zip(sent.array, wanted.array).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(boundary == .flush ? rest < 1e-5 : rest > 0.1)
  }

  @Test func `go as they are without a codec`() throws {
    var pushEncoder = PushEncoder(
      Communication(), worker: .worker(0), blocks: [0..<5],
      layout: ParameterLayout([(name: "all", shape: [5])]))
    let gradient = vector(1, 5)
    guard
      case .tensor(let view)? = try pushEncoder.encode(
        .here(gradient.view), clock: 1, isLast: true
      ).first
    else { Issue.record("encoded"); return }
    #expect(view.base == UnsafePointer(gradient.base))
  }
}
