import Roles

/// A priority queue of things that happen at virtual moments; equal moments keep their order of
/// entry.
struct EventQueue<Happening> {
  /// What the heap moves about: numbers only, so that nothing is retained on the way.
  private struct Entry {
    let nanoseconds: Int64
    let order: UInt64
    let slot: Int

    func precedes(_ other: Entry) -> Bool {
      (nanoseconds, order) < (other.nanoseconds, other.order)
    }
  }

  private var heap: [Entry] = []
  private var slots: [Happening?] = []
  private var freeSlots: [Int] = []
  private var entryCount: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }

  /// O(log n).
  mutating func add(_ happening: Happening, at moment: Instant) {
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      slots[slot] = happening
    } else {
      slot = slots.count
      slots.append(happening)
    }
    heap.append(Entry(nanoseconds: moment.nanoseconds, order: entryCount, slot: slot))
    entryCount += 1
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The earliest happening. O(log n).
  mutating func next() -> (at: Instant, happening: Happening)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    defer {
      slots[first.slot] = nil
      freeSlots.append(first.slot)
    }
    return slots[first.slot].map { (Instant(nanoseconds: first.nanoseconds), $0) }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].precedes(heap[least]) { least = child }
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
