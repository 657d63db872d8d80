import Roles
import Simulation
import Testing

@Suite struct `A plan of faults` {
  private static let text = """
    crash worker 0 at input 17 after 2 effects for 20000 us
    kill coordinator at 300 us for 5 us
    pause server 1 at 7 us for 4000000 us
    partition worker 1 and server 0 at 100 us for 9 us
    delay message 3 from worker 0 to coordinator by 30 us
    lose message 12 from worker 0 to server 0
    duplicate message 2 from server 0 to worker 1
    reorder message 9 from server 1 to worker 0 by 88 us
    tear write 2 of worker 0
    miss write 1 of coordinator
    refuse write 4 of server 0
    """

  @Test func `is read as it is written, every kind of fault`() throws {
    let plan = try FaultPlan(text: Self.text)
    #expect(plan.description == Self.text)
    #expect(Set(plan.faults.map(\.kind)).count == 11)
    #expect(
      plan.faults[0] == .crash(.worker(0), input: 17, effects: 2, back: 20_000))
    #expect(
      plan.faults[7]
        == .reorder(Fault.Link(from: .server(1), to: .worker(0)), message: 9, time: 88))
  }

  @Test func `may have empty lines`() throws {
    #expect(try FaultPlan(text: "\n  \ntear write 1 of worker 0\n\n").faults.count == 1)
    #expect(try FaultPlan(text: "").faults.isEmpty)
  }

  @Test(arguments: [
    "explode worker 0 at 3 us", "kill worker at 3 us for 4 us", "kill worker 0 at 3 us",
    "kill worker -1 at 3 us for 4 us", "tear write 2 of worker 0 or not",
    "lose message x from worker 0 to server 0", "pause stranger 0 at 1 us for 2 us",
    "kill worker 0 at 99999999999999999999 us for 4 us",
  ])
  func `that is none is named with a line that is one`(line: String) {
    #expect(
      throws: FaultPlanError.self, "\(line)", performing: { try FaultPlan(text: line) })
    do {
      _ = try FaultPlan(text: line)
    } catch {
      #expect(
        error.description
          == "\"\(line)\" is no fault; write it like \"kill worker 0 at 300 us for 20 us\"")
    }
  }

  private static let scale: FaultScale = {
    var scale = FaultScale()
    scale.seconds = 2
    for node in [NodeID.coordinator, .server(0), .worker(0)] {
      scale.inputs[node] = 50
      scale.writes[node] = 3
    }
    for (from, to) in [(NodeID.server(0), NodeID.worker(0)), (.worker(0), .server(0))] {
      scale.messages[Fault.Link(from: from, to: to)] = 20
      scale.repeatables[Fault.Link(from: from, to: to)] = 10
    }
    return scale
  }()

  @Test func `that is drawn follows from its seed, and every kind is drawn`() {
    var kinds: Set<String> = []
    for seed in 0..<200 as Range<UInt64> {
      let plan = FaultPlan(seed: seed, scale: Self.scale)
      #expect(plan == FaultPlan(seed: seed, scale: Self.scale))
      #expect((1...6).contains(plan.faults.count))
      kinds.formUnion(plan.faults.map(\.kind))
    }
    #expect(kinds.count == 11)
  }

  @Test func `has nothing where nothing happens`() {
    #expect(FaultPlan(seed: 1, scale: FaultScale()).faults.isEmpty)
  }
}
