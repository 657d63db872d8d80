import Testing

@testable import Roles

@Suite struct `The way to a cut` {
  private let servers = [NodeID.server(0), .server(1)]
  private let workers = [NodeID.worker(0), .worker(1)]

  private var conductor: CutConductor {
    CutConductor(CutRule(everySteps: 10), servers: servers, workers: workers)
  }

  /// What follows when a node reports.
  private func order(
    _ cuts: inout CutConductor, _ report: CutReport, _ node: NodeID
  ) -> CutOrder? {
    guard let (order, nodes) = cuts.hear(report, from: node) else { return nil }
    if case .pause = order { #expect(nodes == servers) } else { #expect(nodes == workers) }
    return order
  }

  private func entry(_ node: NodeID) -> CutEntry {
    CutEntry(node: node, byteCount: 1, checksum: "0", seconds: 0)
  }

  @Test func `leads all workers behind the push after the newest answer of any`() {
    var cuts = conductor
    var orders: [CutOrder?] = [cuts.pause(atStep: 10, .zero)]
    orders.append(order(&cuts, .holding(cut: 1, version: 7), .worker(0)))
    orders.append(order(&cuts, .holding(cut: 1, version: 7), .worker(0)))
    orders.append(order(&cuts, .holding(cut: 1, version: 8), .worker(1)))
    #expect(orders == [.pause(cut: 1), nil, nil, .advance(cut: 1, version: 9)])
    orders = workers.map { order(&cuts, .still(cut: 1), $0) }
    orders.append(cuts.measured())
    #expect(orders == [nil, .pause(cut: 1), nil])
    orders = servers.map { order(&cuts, .still(cut: 1), $0) }
    orders.append(cuts.measured())
    #expect(orders == [nil, nil, .save(cut: 1)])
    orders = servers.map { order(&cuts, .captured(cut: 1), $0) }
    #expect(orders == [nil, .save(cut: 1)])
  }

  @Test func `is at its end when every part is written, in whatever order`() {
    var cuts = conductor
    let first = cuts.capture(atStep: 10, .zero)
    // One server is done before the other has begun.
    var effects = cuts.enter(entry(.server(0)), of: 1)
    for server in servers { _ = cuts.hear(.captured(cut: 1), from: server) }
    cuts.finishCapturing(atStep: 12)
    #expect(first == .save(cut: 1) && !cuts.isDueAtBoundary(.zero))
    #expect(!cuts.isDue(atStep: 99, .zero))
    for node in [NodeID.worker(1), .coordinator, .server(1)] {
      effects += cuts.enter(entry(node), of: 1)
    }
    #expect(effects.isEmpty)
    effects = cuts.enter(entry(.worker(0)), of: 1)
    guard case .complete(1, let entries) = effects.first, effects.count == 2,
      case .record(.cut(1, 12, _)) = effects[1]
    else {
      Issue.record("\(effects)")
      return
    }
    #expect(entries.map(\.node) == [.coordinator] + servers + workers)
    #expect(cuts.isDue(atStep: 20, .zero) && !cuts.isDue(atStep: 19, .zero))
  }

  @Test func `is left alone by reports on a cut that is no more`() {
    var cuts = conductor
    _ = cuts.pause(atStep: 10, .zero)
    cuts.postpone()
    #expect(cuts.isDueAtBoundary(.zero))
    _ = cuts.pause(atStep: 10, .zero)
    let orders = workers.map { order(&cuts, .holding(cut: 1, version: 3), $0) }
    #expect(orders == [nil, nil])
    let wasAbandoned = [cuts.abandon(1), cuts.abandon(2)]
    #expect(wasAbandoned == [false, true] && cuts.isIdle)
    let effects = cuts.enter(entry(.server(0)), of: 2)
    #expect(effects.isEmpty)
  }

  @Test func `begins when the clock says so where steps are not counted`() {
    var cuts = CutConductor(
      CutRule(everyMilliseconds: 8_000), servers: servers, workers: workers)
    cuts.goOn(after: 3)
    let start = Instant(nanoseconds: 5_000_000_000)
    cuts.start(at: start, step: 0)
    #expect(!cuts.isDue(atStep: 1, start.advanced(byMilliseconds: 7_999)))
    #expect(cuts.isDue(atStep: 1, start.advanced(byMilliseconds: 8_000)))
    #expect(!cuts.isDueAtBoundary(start.advanced(byMilliseconds: 1_999)))
    #expect(cuts.isDueAtBoundary(start.advanced(byMilliseconds: 2_000)))
    let order = cuts.capture(atStep: 1, start)
    #expect(order == .save(cut: 4))
  }
}

@Suite struct `A worker on the way to a cut` {
  private func hold(_ change: (inout WorkerHold) -> Void) -> WorkerHold {
    var hold = WorkerHold()
    hold.answer(4)
    change(&hold)
    return hold
  }

  @Test func `holds until it is told where, and there`() {
    var worker = hold { $0.pause(1) }
    #expect(worker.stops)
    var told = [worker.telling()]
    worker.advance(1, to: 5)
    #expect(!worker.stops)
    worker.moveOn()
    worker.answer(5)
    told += [worker.telling(), worker.telling()]
    #expect(worker.stops && told == [nil, 1, nil])
    worker.goOn()
    #expect(!worker.stops)
  }

  @Test func `that was answered while it was asked holds there`() {
    var worker = hold {
      $0.moveOn()
      $0.pause(1)
      $0.answer(5)
      $0.advance(1, to: 5)
    }
    let told = worker.telling()
    #expect(worker.stops && told == 1)
  }

  @Test func `does not hold within what follows an answer`() {
    let worker = hold {
      $0.moveOn()
      $0.pause(1)
      $0.advance(1, to: 4)
    }
    #expect(!worker.stops)
  }
}
