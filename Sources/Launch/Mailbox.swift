import CPlatform
import Synchronization

/// Things said on other threads to one poll loop.
public final class Mailbox<Content: Sendable>: Sendable {
  private let waker: hebb_waker
  private let content = Mutex<[Content]>([])

  /// An empty mailbox.
  public init() { waker = hebb_waker_make() }

  deinit { hebb_waker_close(waker) }

  /// Becomes readable when there is something.
  public var descriptor: Int32 { waker.read_end }

  /// Says something, on any thread.
  public func post(_ item: Content) {
    content.withLock { $0.append(item) }
    hebb_wake(waker)
  }

  /// Takes the oldest thing said; the descriptor stays readable while there is more.
  public func next() -> Content? {
    content.withLock { items in
      if items.count <= 1 { hebb_wake_drain(waker) }
      return items.isEmpty ? nil : items.removeFirst()
    }
  }
}
