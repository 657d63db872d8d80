import Tensors
import Testing

@testable import Roles

@Suite struct `Snapshots that a server keeps` {
  private static let blocks = [Vector([1, 2]).view]

  @Test func `are known once nobody looks at them any more, and others are not`() {
    var kept = KeptSnapshots()
    let sample = Snapshot.sample(phase: 1, step: 6)
    kept.keep(sample, version: 6, Self.blocks)
    #expect(kept[sample]?.version == 6 && !kept.hasReleased(sample))
    kept.release(sample)
    #expect(kept[sample] == nil && kept.isEmpty && kept.hasReleased(sample))
    #expect(kept.hasReleased(.sample(phase: 0, step: 9)))
    #expect(!kept.hasReleased(.sample(phase: 1, step: 7)))
    #expect(!kept.hasReleased(.boundary(worker: 0, position: 0)))
  }

  @Test func `are each worker's own at its boundaries`() {
    var kept = KeptSnapshots()
    for position in 0..<3 {
      kept.keep(.boundary(worker: 1, position: position), version: 1, Self.blocks)
    }
    kept.release(.boundary(worker: 1, position: 1))
    kept.release(.boundary(worker: 1, position: 0))
    #expect(kept.hasReleased(.boundary(worker: 1, position: 1)))
    #expect(!kept.hasReleased(.boundary(worker: 0, position: 0)))
    #expect(kept[.boundary(worker: 1, position: 2)] != nil)
    #expect(!kept.hasReleased(.boundary(worker: 1, position: 2)))
  }

  @Test func `that were never kept are not known when somebody releases them`() {
    var kept = KeptSnapshots()
    kept.release(.sample(phase: 3, step: 3))
    #expect(!kept.hasReleased(.sample(phase: 0, step: 0)))
  }
}
