import Roles

/// A priority queue of things that happen at virtual moments; equal moments keep their order of
/// entry.
struct EventQueue<Happening> {
  private var heap: [(at: Instant, order: UInt64, happening: Happening)] = []
  private var entryCount: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }

  /// O(log n).
  mutating func add(_ happening: Happening, at moment: Instant) {
    heap.append((moment, entryCount, happening))
    entryCount += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The earliest happening. O(log n).
  mutating func next() -> (at: Instant, happening: Happening)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return (first.at, first.happening) }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if precedes(child, least) { least = child }
      }
      if least == parent { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return (first.at, first.happening)
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].at, heap[left].order) < (heap[right].at, heap[right].order)
  }
}
