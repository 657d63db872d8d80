import Dispatch
import Testing

@testable import Roles
@testable import ZeroMQTransport

@Suite struct `A node's clock` {
  @Test func `does not count an absence`() {
    let second: Int64 = 1_000_000_000
    var time = LivedTime(at: 5, moment: 100)
    #expect(time.moment(at: 5) == 100 && time.moment(at: 5 + second / 2) == 100 + second / 2)
    // An hour goes by without a look: a second of it counts, before the next look and after.
    #expect(time.moment(at: 3_600 * second) == 100 + second)
    time.look(at: 3_600 * second)
    #expect(time.moment(at: 3_600 * second) == 100 + second)
    #expect(time.moment(at: 3_600 * second + 7) == 107 + second)
    // A look that came late does not set the clock back.
    time.look(at: 3_599 * second)
    #expect(time.moment(at: 3_600 * second + 7) == 107 + second)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `never goes back, and never runs ahead`(seed: UInt64) {
    var (state, real, last) = (seed, Int64(0), Int64(0))
    var time = LivedTime(at: 0, moment: 0)
    for _ in 0..<1_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let gap = Int64(state >> 33) * 2
      if state & 1 << 20 == 0 { time.look(at: real) }
      let moment = time.moment(at: real + gap)
      #expect(moment >= last && moment - last <= gap)
      (real, last) = (real + gap, moment)
    }
  }
}

@Suite struct `A node's pulse` {
  @Test func `says that the node lives for as long as it is at work`() {
    let pulse = Pulse(at: .zero)
    pulse.start()
    defer { pulse.stop() }
    let said = DispatchSemaphore(value: 0)
    // The work is over when three words have been said of it.
    let isHeard = pulse.during(
      { (0..<3).allSatisfy { _ in said.wait(timeout: .now() + 20) == .success } }, saidAt: .zero,
      every: 1
    ) { said.signal() }
    #expect(isHeard)
  }

  @Test func `says nothing of work that is short`() {
    let pulse = Pulse(at: .zero)
    pulse.start()
    let words = DispatchSemaphore(value: 0)
    for _ in 0..<100 { pulse.during({}, saidAt: .zero, every: 60_000) { words.signal() } }
    pulse.stop()
    #expect(words.wait(timeout: .now()) == .timedOut)
  }
}
