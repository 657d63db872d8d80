import Streams
import Tensors
import Testing

@Suite struct `Timeline of nodes` {
  @Test func `lays stages end to end`() {
    let timeline = Timeline(
      sequences: [[0, 1], [1, 0], [2]], stepCounts: [10, 20, 5], startSteps: [0, 4, 7],
      factors: [1, 2, 0.5])
    let segments = timeline.segments.map { $0.map { [Double($0.stage), $0.start, $0.end] } }
    #expect(
      segments == [
        [[0, 0, 10], [1, 10, 30]], [[1, 4, 44], [0, 44, 64]], [[2, 7, 9.5]],
      ])
  }

  @Test func `has no skew where all march together, or nobody together`() {
    let together = Timeline(
      sequences: [[0, 1], [0, 1]], stepCounts: [3, 4], startSteps: [0, 0], factors: [1, 1])
    #expect(together.stageSkew == 0)
    let apart = Timeline(
      sequences: [[0], [1]], stepCounts: [3, 4], startSteps: [0, 3], factors: [1, 1])
    #expect(apart.stageSkew == 0)
    #expect(Timeline(sequences: [], stepCounts: [], startSteps: [], factors: []).stageSkew == 0)
    #expect(
      Timeline(sequences: [[0]], stepCounts: [3], startSteps: [0], factors: [1]).stageSkew == 0)
  }

  @Test func `weighs differences by how long they last`() {
    // Steps 0–3: 0 against 2. Steps 3–4: 1 against 2. Afterwards one node is alone.
    let timeline = Timeline(
      sequences: [[0, 1], [2]], stepCounts: [3, 9, 4], startSteps: [0, 0], factors: [1, 1])
    #expect(abs(timeline.stageSkew - (3 * 2 + 1 * 1) / 4.0) < 1e-12)
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `agrees with counting step by step`(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .test)
    let (nodes, stages) = (1 + random.index(below: 5), 1 + random.index(below: 4))
    let sequences = (0..<nodes).map { _ in
      Array(random.permutation(of: stages).prefix(1 + random.index(below: stages)))
    }
    let stepCounts = (0..<stages).map { _ in random.index(below: 6) }
    let starts = (0..<nodes).map { _ in random.index(below: 9) }
    let factors = (0..<nodes).map { _ in 1 + random.index(below: 3) }
    let timeline = Timeline(
      sequences: sequences, stepCounts: stepCounts, startSteps: starts,
      factors: factors.map(Double.init))

    // What each node trains in each step, written out.
    let tapes = (0..<nodes).map { node -> [Int?] in
      Array(repeating: nil, count: starts[node])
        + sequences[node].flatMap { Array(repeating: $0, count: stepCounts[$0] * factors[node]) }
    }
    var (sum, pairs) = (0, 0)
    for step in 0..<(tapes.map(\.count).max() ?? 0) {
      let training = tapes.compactMap { step < $0.count ? $0[step] : nil }
      for one in training.indices {
        for other in training[(one + 1)...] {
          sum += abs(training[one] - other)
          pairs += 1
        }
      }
    }
    #expect(abs(timeline.stageSkew - (pairs == 0 ? 0 : Double(sum) / Double(pairs))) < 1e-12)
  }
}
