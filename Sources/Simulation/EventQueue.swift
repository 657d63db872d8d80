import Roles
import Wire

/// What can happen to a node at a virtual moment.
enum Happening {
  case input(Input)
  /// Its first byte is here; the line in may be taken.
  case reached(EncodedMessage, Message.Kind, from: Sender)
  case frames(EncodedMessage, Message.Kind, from: Sender)
  case deadline
  /// The node is done with what it was doing and looks into its inbox.
  case wake
  /// If the node is still at work, it says that it lives.
  case sign
  /// Something that happens to processes, not to roles.
  case news(FaultNews)
}

/// Who has sent a message, and its place in the list of nodes: that of its life.
struct Sender {
  let id: NodeID
  let place: Int
}

/// A priority queue of things that happen at virtual moments; equal moments keep their order of
/// entry. Not generic: a generic one looks its types up with every event.
struct EventQueue {
  /// What the heap moves about: numbers only, so that nothing is retained on the way.
  private struct Entry {
    let nanoseconds: Int64
    let order: UInt64
    let slot: Int
    let node: Int

    func precedes(_ other: Entry) -> Bool {
      (nanoseconds, order) < (other.nanoseconds, other.order)
    }
  }

  private var heap: [Entry] = []
  private var slots: [Happening?] = []
  private var freeSlots: [Int] = []
  private var entryCount: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }

  /// Enters something that will happen to a node. O(log n).
  mutating func add(_ happening: Happening, of node: Int, at moment: Instant) {
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      slots[slot] = happening
    } else {
      slot = slots.count
      slots.append(happening)
    }
    heap.append(Entry(nanoseconds: moment.nanoseconds, order: entryCount, slot: slot, node: node))
    entryCount += 1
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The earliest happening. O(log n).
  mutating func next() -> (at: Instant, node: Int, happening: Happening)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    freeSlots.append(first.slot)
    return slots[first.slot].take().map {
      (Instant(nanoseconds: first.nanoseconds), first.node, $0)
    }
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
