import CKernels
import Tensors
import Testing

@testable import Compression

@Suite struct `Error feedback` {
  /// Sends gradients through a memory; the sum of what was decoded and that of the gradients.
  private func run(
    _ sender: inout ErrorFeedback, rounds: Int, seed: UInt64
  ) throws -> (sent: [Double], gradients: [Double]) {
    let count = sender.count
    var draws = stream(seed)
    var (sent, sum) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for step in 0..<rounds {
      let g = gradient(count, seed: seed * 1000 + UInt64(step))
      let seedOfStep = stream(seed, step: step)
      let payload = try sender.encode(
        gradient: g.view, step: step, draws: &draws, indexSeed: seedOfStep)
      let y = try Codec.decode(payload, count: count, indexSeed: seedOfStep).dense
      for index in 0..<count {
        sent[index] += Double(y[index])
        sum[index] += Double(g[index])
      }
    }
    return (sent, sum)
  }

  @Test(arguments: everyCodec, 0..<2 as Range<UInt64>)
  func `loses nothing over many rounds`(codec: Codec, seed: UInt64) throws {
    // Scaled up by n/k, what is left out would grow without bound.
    if case .randomK(_, _, isUnbiased: true) = codec { return }
    var sender = ErrorFeedback(count: 230, codec: codec)
    let (sent, sum) = try run(&sender, rounds: 120, seed: seed)
    // A hundred additions of numbers of a few units, each rounded to 2⁻²⁴ of itself.
    for index in 0..<230 {
      #expect(abs(sent[index] + Double(sender.residual[index]) - sum[index]) < 1e-3)
    }
    #expect(sender.residual.array.allSatisfy { abs($0) < 1000 })
  }

  @Test func `sends by and by what top-k leaves out`() throws {
    // One value dominates; without feedback the others would never be sent.
    let g = Vector([10, 1, 1, 1])
    for (isEnabled, expected) in [(true, [90, 10, 10, 10]), (false, [160, 0, 0, 0])] {
      var sender = ErrorFeedback(
        count: 4, codec: .topK(density: 0.25), options: .init(isEnabled: isEnabled))
      var draws = stream(1)
      var sums = [Float](repeating: 0, count: 4)
      for step in 0..<16 {
        let payload = try sender.encode(
          gradient: g.view, step: step, draws: &draws, indexSeed: stream(2))
        try decodePayload(payload, count: 4).addScaled(1, to: &sums)
      }
      if isEnabled {
        #expect(zip(sums, sender.residual.array).map { $0 + $1 } == [160, 16, 16, 16])
        #expect(sums.allSatisfy { $0 > 0 })
      } else {
        #expect(sums == expected.map(Float.init))
        #expect(sender.residual.array == [0, 0, 0, 0])
      }
    }
  }

  @Test func `corrects momentum as written out by hand`() throws {
    // μ = ½, one of two values is sent. u and v after each step, value by value:
    // step 0: u = (4, 3)   v = (4, 3)     sent (4, ·)   v = (0, 3)
    // step 1: u = (3, 2.5) v = (3, 5.5)   sent (·, 5.5) v = (3, 0)
    let (first, second) = (Vector([4, 3]), Vector([1, 1]))
    var sender = ErrorFeedback(
      count: 2, codec: .topK(density: 0.5), options: .init(momentum: 0.5))
    #expect(try send(&sender, first) == [4, 0])
    #expect(sender.residual.array == [0, 3])
    #expect(try send(&sender, second) == [0, 5.5])
    #expect(sender.residual.array == [3, 0])

    // Masked, u[0] is forgotten in step 0: u = (1, 2.5), v = (1, 5.5).
    sender = ErrorFeedback(
      count: 2, codec: .topK(density: 0.5), options: .init(momentum: 0.5, isMasked: true))
    #expect(try send(&sender, first) == [4, 0])
    #expect(try send(&sender, second) == [0, 5.5])
    #expect(sender.residual.array == [1, 0])
    // Then u = (½·1 + 1, ½·0 + 1) and v = (1 + 1.5, 1).
    #expect(try send(&sender, second) == [2.5, 0])
    #expect(sender.residual.array == [0, 1])
  }

  private func send(_ sender: inout ErrorFeedback, _ g: Vector, step: Int = 0) throws -> [Float] {
    var draws = stream(1)
    let payload = try sender.encode(
      gradient: g.view, step: step, draws: &draws, indexSeed: stream(0, step: 1))
    return try decodePayload(payload, count: g.count).dense.array
  }

  @Test func `with momentum sends the sum of velocities`() throws {
    var sender = ErrorFeedback(
      count: 100, codec: .topK(density: 0.1), options: .init(momentum: 0.5))
    var (velocity, sum) = ([Double](repeating: 0, count: 100), [Double](repeating: 0, count: 100))
    var sent = [Double](repeating: 0, count: 100)
    for step in 0..<60 {
      let g = gradient(100, seed: UInt64(step))
      for index in 0..<100 {
        velocity[index] = 0.5 * velocity[index] + Double(g[index])
        sum[index] += velocity[index]
      }
      for (index, value) in try send(&sender, g).enumerated() { sent[index] += Double(value) }
    }
    for index in 0..<100 {
      #expect(abs(sent[index] + Double(sender.residual[index]) - sum[index]) < 1e-3)
    }
  }

  @Test func `scales a gradient down to the norm's limit, before all else`() throws {
    var sender = ErrorFeedback(count: 2, codec: .none, options: .init(normMaximum: 1))
    #expect(try send(&sender, Vector([3, 4])) == [0.6, 0.8])
    #expect(try send(&sender, Vector([0.3, 0.4])) == [0.3, 0.4])
    #expect(sender.residual.array == [0, 0])
  }

  @Test func `warms the density up exponentially`() throws {
    let warmUp = DensityWarmUp(start: 0.25, stepCount: 4)
    let densities = (0...6).map { warmUp.density(atStep: $0, target: 0.25 / 16) }
    for (density, expected) in zip(densities, [4, 8, 16, 32, 64, 64, 64]) {
      #expect(abs(density * Double(expected) - 1) < 1e-12)
    }
    #expect(warmUp.density(atStep: 0, target: 0.5) == 0.5)

    var sender = ErrorFeedback(
      count: 640, codec: .topK(density: 0.25 / 16), options: .init(warmUp: warmUp))
    for (step, kept) in [160, 80, 40, 20, 10, 10].enumerated() {
      #expect(try send(&sender, gradient(640, seed: 1), step: step).count { $0 != 0 } == kept)
    }
  }

  @Test func `keeps, flushes or drops its residual at a boundary`() throws {
    func fresh(_ isMasked: Bool = false) throws -> ErrorFeedback {
      var sender = ErrorFeedback(
        count: 2, codec: .topK(density: 0.5), options: .init(momentum: 0.5, isMasked: isMasked))
      _ = try send(&sender, Vector([4, 3]))
      return sender
    }
    let g = Vector([0, 0.5])
    var sender = try fresh()
    #expect(sender.cross(.keep) == nil)
    // u = (2, 2), v = (2, 5)
    #expect(try send(&sender, g) == [0, 5])
    sender = try fresh()
    #expect(sender.cross(.flush)?.array == [0, 3])
    #expect(sender.residual.array == [0, 0])
    // The momentum goes on: u = (2, 2), v = (2, 2), and the first of equals is sent.
    #expect(try send(&sender, g) == [2, 0])
    sender = try fresh(true)
    #expect(sender.cross(.flush)?.array == [0, 3])
    #expect(try send(&sender, g) == [0, 0.5])
    sender = try fresh()
    #expect(sender.cross(.drop) == nil)
    #expect(sender.residual.array == [0, 0])
    #expect(try send(&sender, g) == [0, 0.5])
  }

  @Test func `is a value: neither a copy nor a view sees a later step`() throws {
    var sender = ErrorFeedback(
      count: 2, codec: .topK(density: 0.5), options: .init(momentum: 0.5))
    _ = try send(&sender, Vector([4, 3]))
    let view = sender.residual
    var copy = sender
    #expect(try send(&sender, Vector([1, 1])) == [0, 5.5])
    #expect(view.array == [0, 3])
    #expect(copy.residual.array == [0, 3])
    #expect(try send(&copy, Vector([1, 1])) == [0, 5.5])
  }

  @Test func `refuses a gradient that is not finite and stays as it was`() throws {
    var sender = ErrorFeedback(
      count: 2, codec: .topK(density: 0.5), options: .init(momentum: 0.5))
    _ = try send(&sender, Vector([4, 3]))
    #expect(throws: CodecError.notFinite(index: 1)) { try send(&sender, Vector([1, .nan])) }
    #expect(sender.residual.array == [0, 3])
    #expect(try send(&sender, Vector([1, 1])) == [0, 5.5])
  }

  @Test func `keeps what its codec refuses, or with no feedback forgets it`() throws {
    for (isEnabled, expected) in [(true, [1e5, 1]), (false, [0, 0])] as [(Bool, [Float])] {
      var sender = ErrorFeedback(count: 2, codec: .fp16, options: .init(isEnabled: isEnabled))
      #expect(throws: CodecError.beyondRange(index: 0, limit: 65520)) {
        try send(&sender, Vector([1e5, 1]))
      }
      #expect(sender.residual.array == expected)
    }
  }
}
