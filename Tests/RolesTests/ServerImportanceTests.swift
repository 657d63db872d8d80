import Archives
import Consolidation
import Tensors
import Testing
import Updates

@testable import Roles

/// |θ| by the largest of all shards.
private struct DistanceFromZero: ScaledPathImportance {
  static let unsaved: [String] = []

  var readsSteps: Bool { false }

  func save(to archive: inout Archive) {}

  mutating func restore(from reader: inout ArchiveReader) {}

  func fits(_ count: Int) -> Bool { true }

  func begun(at weights: [VectorView]) -> DistanceFromZero { self }

  mutating func beginStep() {}

  mutating func gather(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, scale: Float,
    weights: UnsafePointer<Float>, next: UnsafePointer<Float>
  ) {}

  func maxima(at weights: VectorView) -> [Double] {
    [weights.array.map { Double(abs($0)) }.max() ?? 0]
  }

  func importance(at weights: VectorView, scaledBy maxima: [Double]) -> Vector {
    Vector(weights.array.map { abs($0) / Float(maxima[0]) })
  }
}

@Suite struct `A server that consolidates` {
  @Test func `squares several vectors of a stage only after it has added the workers'`() throws {
    var bench = ServerBench(workers: 2, importance: .workers) { update in
      update = ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 1, form: .gradient,
        importanceRule: .squaredMeans(count: 2), count: 4)
    }
    for rank in 0..<2 { _ = bench.push(rank, [1, 1, 1, 1], clock: 1) }
    for rank in 0..<2 { _ = bench.send(.retire, rank) }
    #expect(bench.importance(0, [2, -4, 0, 0], examples: 1, version: 1, part: 1).isEmpty)
    #expect(
      refusals(bench.importance(0, [9, 9, 9, 9], examples: 1, version: 1, part: 2)).count == 1)
    #expect(
      refusals(bench.importance(0, [9, 9, 9, 9], examples: 1, version: 1, part: 1)).count == 1)
    #expect(bench.importance(0, [4, 0, 0, 1], examples: 1, version: 1, part: 0).isEmpty)
    #expect(bench.importance(1, [-4, 4, 0, 3], examples: 1, version: 1, part: 0).isEmpty)
    let said = controls(bench.importance(1, [2, 0, 2, 0], examples: 1, version: 1, part: 1))
    guard case .consolidated(let reports, closes: 0) = try #require(said.first) else {
      Issue.record("not closed")
      return
    }
    // Means [0, 2, 0, 2] and [2, −2, 1, 0]; the anchor is −1 everywhere.
    let penalty = try #require(bench.server.server?.shard.update.penalty)
    #expect(penalty.importance?.array == [4, 8, 1, 4])
    #expect(penalty.weightedAnchor?.array == [-4, -8, -1, -4])
    #expect(reports[0].ledger[0].importanceSum == 17 && reports[0].ledger[0].byteCount == 64)
    #expect(reports[0].newestTermSquaredNorm == 0)
  }

  @Test func `scales by the maxima of all shards before it folds`() throws {
    var bench = ServerBench(workers: 1, importance: .servers) { update in
      update = ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 1, form: .gradient,
        gathers: DistanceFromZero(), count: 4)
    }
    _ = bench.push(0, [1, 2, 0, 4], clock: 1)
    #expect(
      controls(bench.send(.retire, 0)) == [.sealed(phase: 0, version: 1, maxima: [[4]])])
    var other = bench
    let said = controls(bench.control(.scale(phase: 0, maxima: [[8]])))
    #expect(said.count == 1)
    let penalty = try #require(bench.server.server?.shard.update.penalty)
    #expect(penalty.importance?.array == [0.125, 0.25, 0, 0.5])
    // What is no answer to what it said ends the run.
    guard
      case .failed(.violation, _)? = controls(other.control(.scale(phase: 0, maxima: [[8, 8]])))
        .last
    else {
      Issue.record("it goes on")
      return
    }
  }
}
