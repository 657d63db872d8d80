import Tensors
import Testing

@testable import Roles

@Suite struct `Ledger` {
  private let push = Message(
    .push, run: 5, sender: .worker(0), incarnation: 0, stage: 1_000_000, clock: UInt64(Int.max))

  private func ledger(_ effects: [Effect], of message: Message?) -> Traffic {
    var traffic = Traffic()
    traffic.count(
      received: message, by: .server(0), answered: effects, payloadByteCount: 16,
      framedByteCount: 100)
    return traffic
  }

  @Test func `enters what was refused as a stranger's control, of no stage and no round`() {
    var traffic = ledger([.refuse(somebody, answer: nil)], of: push)
    traffic.count(
      received: nil, by: .server(0), answered: [.refuse(somebody, answer: nil)],
      payloadByteCount: 1, framedByteCount: 3)
    let report = traffic.report
    #expect(
      report.lines == [
        TrafficLine(
          from: .stranger, to: .server(0), kind: .control, stage: nil, payloadByteCount: 17,
          framedByteCount: 103, boundBits: 136, messageCount: 2)
      ])
    #expect(report.series.width == 1 && report.series.bins(of: .control) == [103])
    #expect(traffic.framedByteCount == 103)
  }

  @Test func `enters what was accepted as what it is`() {
    var message = push
    (message.stage, message.clock) = (1, 300)
    let report = ledger([], of: message).report
    #expect(report.lines.count == 1 && report.lines[0].from == .worker(0))
    #expect(report.lines[0].kind == .push && report.lines[0].stage == 1)
    #expect(report.series.width == 2 && report.series.bins(of: .push)[149] == 100)
  }
}
