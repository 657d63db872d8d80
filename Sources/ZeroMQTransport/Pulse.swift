import CPlatform
import Roles
import Synchronization

/// The thread of a node that never computes. It keeps the node's clock, on which absences do not
/// count (``LivedTime``), and says that the node lives while it is at work on something long.
final class Pulse: Sendable {
  /// Between two beats of the thread, in milliseconds.
  private static let beatMilliseconds: Int64 = 100

  /// What is said while the node is at work.
  private struct Word {
    let send: @Sendable () -> Void
    let period: Int64
  }

  private struct State {
    var time: LivedTime
    var word: Word?
    /// When something was said last.
    var saidAt: Int64
    var isOver = false
  }

  private let state: Mutex<State>
  private let zero = ContinuousClock.now
  // Sendable: only the thread that starts and stops the pulse looks at it.
  private nonisolated(unsafe) var thread: hebb_thread?

  /// - Parameter moment: The moment that it is.
  init(at moment: Instant) {
    state = Mutex(
      State(
        time: LivedTime(at: 0, moment: moment.nanoseconds), saidAt: moment.nanoseconds))
  }

  /// Nanoseconds since the pulse was made.
  private var real: Int64 {
    let elapsed = zero.duration(to: .now).components
    return elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000
  }

  /// The moment that it is for the node.
  var now: Instant {
    // Within the lock, or another thread may have looked at a later moment.
    state.withLock { Instant(nanoseconds: $0.time.moment(at: real)) }
  }

  /// Begins to beat. The thread holds the pulse until ``stop()``.
  func start() {
    thread = hebb_thread_start(
      { Unmanaged<Pulse>.fromOpaque($0!).takeRetainedValue().beat() },
      Unmanaged.passRetained(self).toOpaque())
  }

  /// Ends the thread.
  func stop() {
    state.withLock { $0.isOver = true }
    if let thread { hebb_thread_join(thread) }
    thread = nil
  }

  private func beat() {
    while !state.withLock({ $0.isOver }) {
      hebb_sleep(Self.beatMilliseconds * 1_000_000)
      state.withLock { state in
        state.time.look(at: real)
        let now = state.time.moment(at: real)
        guard let word = state.word, now >= state.saidAt + word.period else { return }
        word.send()
        state.saidAt = now
      }
    }
  }

  /// Runs some work of the node's thread. As long as it lasts something is said whenever nothing
  /// has been said for a while, be it in this work or before it.
  ///
  /// - Parameters:
  ///   - saidAt: When the node itself said something last.
  ///   - milliseconds: For so long nothing may have been said.
  ///   - send: Says it, on the pulse's thread, which has its sockets to itself meanwhile.
  func during<Result>(
    _ work: () -> Result, saidAt: Instant, every milliseconds: Int,
    _ send: @escaping @Sendable () -> Void
  ) -> Result {
    state.withLock {
      $0.word = Word(send: send, period: Int64(milliseconds) * 1_000_000)
      $0.saidAt = max($0.saidAt, saidAt.nanoseconds)
    }
    defer { state.withLock { $0.word = nil } }
    return work()
  }
}
