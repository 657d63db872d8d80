import Roles
import Testing

@testable import Simulation

@Suite struct `Shared processors` {
  private func finish(
    _ processors: inout Processors, _ seconds: Double, from moment: Double, now: Double = 0
  ) -> Double {
    processors.finish(
      seconds, from: Instant.zero.advanced(bySeconds: moment),
      now: Instant.zero.advanced(bySeconds: now)
    ).seconds
  }

  @Test func `take work in turn, and one for each node never waits`() {
    var two = Processors(2)
    #expect(finish(&two, 1, from: 0) == 1)
    #expect(finish(&two, 2, from: 0) == 2)
    #expect(finish(&two, 1, from: 0) == 2)
    #expect(finish(&two, 1, from: 0) == 3)
    var own = Processors(nil)
    for _ in 0..<3 { #expect(finish(&own, 1, from: 0) == 1) }
  }

  @Test func `leave the time before later work to others`() {
    var one = Processors(1)
    #expect(finish(&one, 1, from: 5) == 6)
    #expect(finish(&one, 3, from: 0) == 3)
    // Two seconds are left before the work at 5.
    #expect(finish(&one, 2.5, from: 1) == 8.5)
    #expect(finish(&one, 2, from: 1) == 5)
    #expect(finish(&one, 1, from: 0) == 9.5)
  }

  @Test(arguments: 1..<4)
  func `never do more than one thing at a time`(count: Int) {
    var processors = Processors(count)
    var work: [(start: Int, end: Int)] = []
    var now = 0.0
    for number in 0..<300 {
      let seconds = Double(number * 7 % 5 + 1)
      now += Double(number * 11 % 3)
      let end = finish(&processors, seconds, from: now + Double(number * 13 % 9), now: now)
      work.append((Int((end - seconds).rounded()), Int(end.rounded())))
    }
    for piece in work {
      let beside = work.count { $0.start <= piece.start && piece.start < $0.end }
      #expect(beside <= count)
    }
  }
}
