import Roles
import Testing

@testable import Experiments

@Suite struct `Kinds of consistency` {
  private let plain = ["optimizer.kind=sgd", "optimizer.rate=0.1"]

  @Test(arguments: ["sgd", "momentum", "adam"], ["none", "ewc", "si"])
  func `stale synchronous with bound 0 is bulk synchronous`(
    optimizer: String, method: String
  ) throws {
    let sets: [String] =
      [
        "optimizer.kind=\(optimizer)", "cluster.workers=3", "cluster.servers=2",
      ] + choosing(method, strength: 5)
    let bsp = try SimulatedRun(sets)
    let ssp = try SimulatedRun(
      sets + ["cluster.consistency=ssp", "cluster.staleness-bound=0"])
    #expect(!bsp.weights.isEmpty && bsp.weights == ssp.weights)
  }

  @Test(arguments: ["sgd", "adam"], ["none", "ewc"])
  func `asynchronous with one worker is bulk synchronous with one`(
    optimizer: String, method: String
  ) throws {
    let sets =
      ["optimizer.kind=\(optimizer)", "cluster.workers=1"] + choosing(method, strength: 5)
    let asp = try SimulatedRun(sets + ["cluster.consistency=asp"])
    let bsp = try SimulatedRun(sets)
    #expect(!asp.weights.isEmpty && asp.weights == bsp.weights)
  }

  @Test(
    arguments: MethodNames.all.filter { MethodNames.needs($0).isEmpty && MethodNames.isFree($0) },
    ["gradient", "proximal"])
  func `one local step of plain SGD is bulk synchronous`(method: String, form: String) throws {
    let sets =
      plain + choosing(method, strength: 0.5) + ["penalty.form=\(form)"]
    let local = try SimulatedRun(
      sets + ["cluster.consistency=local", "cluster.local-steps=1"])
    let bsp = try SimulatedRun(sets)
    #expect(!local.weights.isEmpty && local.weights == bsp.weights)
  }

  @Test func `one worker's local steps are steps, however many`() throws {
    let sets = plain + ["cluster.workers=1"]
    let bsp = try SimulatedRun(sets)
    let local = try SimulatedRun(
      sets + ["cluster.consistency=local", "cluster.local-steps=4"])
    let difference = zip(bsp.weights, local.weights).map { ($0 - $1).magnitude }.max() ?? 1
    #expect(difference < 1e-5)
    #expect(
      local.record.wholeTraffic.total { $0.kind == .push }.messageCount
        < bsp.record.wholeTraffic.total { $0.kind == .push }.messageCount / 2)
  }

  @Test(arguments: ["asp", "ssp", "local", "bsp"], ["on-worker-boundary", "every"])
  func `every consistency ends, consolidates and measures every position`(
    consistency: String, moment: String
  ) throws {
    let often = moment == "every" ? ["method.consolidate-every=3"] : []
    let run = try SimulatedRun(
      often + [
        "cluster.consistency=\(consistency)", "method.consolidate=\(moment)", "method.name=ewc",
        "method.lambda=5", "cluster.workers=3", "cluster.servers=2",
      ])
    #expect(run.ending == .completed)
    let positions = run.record.rows.flatMap { row -> [RunRecord.Row.Position] in
      if case .boundary(let positions) = row.occasion { positions } else { [] }
    }
    #expect(positions.count == 3 * 2 && Set(positions).count == 6)
    #expect(run.record.consolidations.count >= 6)
    #expect(
      run.record.consolidations.allSatisfy { $0.newestTermSquaredNorm == 0 && $0.worker != nil })
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `own boundaries under a barrier do not depend on delays`(delaySeed: UInt64) throws {
    let sets: [String] = [
      "cluster.workers=3", "cluster.servers=2", "method.name=ewc", "method.lambda=5",
      "method.consolidate=on-worker-boundary", "evaluation.every-steps=3",
    ]
    let one = try SimulatedRun(sets + ["cluster.servers=1"])
    let other = try SimulatedRun(sets, delaySeed: delaySeed)
    #expect(one.weights == other.weights)
  }

  @Test func `staleness is 0 under a barrier and counted without one`() throws {
    func counts(_ consistency: String) throws -> [Int] {
      let run = try SimulatedRun(["cluster.consistency=\(consistency)", "cluster.workers=4"])
      return try #require(run.record.serverSummaries[0]).stalenessCounts
    }
    #expect(try counts("bsp").count == 1)
    let asp = try counts("asp")
    #expect(asp.count > 2)
    #expect(try asp.reduce(0, +) == counts("bsp")[0])
  }
}

@Suite struct `Compressed communication` {
  private static let codecs = [
    "fp16", "bf16", "int8", "int4", "ternary", "sign", "top-k", "random-k", "threshold",
    "power-sgd",
  ]

  @Test(arguments: codecs)
  func `gives the same bits whatever the delays`(codec: String) throws {
    let sets: [String] = [
      "cluster.workers=3", "cluster.servers=2", "method.name=ewc", "method.lambda=5",
    ]
    let isSparse = ["top-k", "random-k"].contains(codec)
    let coded = ["push", "pull"].flatMap { side in
      ["communication.\(side)-codec=\(codec)"]
        + (isSparse ? ["communication.\(side)-density=0.2"] : [])
    }
    let all = sets + coded + ["communication.importance=log8"]
    let one = try SimulatedRun(all)
    let other = try SimulatedRun(all, delaySeed: 77)
    #expect(one.ending == .completed)
    #expect(!one.weights.isEmpty && one.weights == other.weights)
    let plain = try SimulatedRun(sets)
    #expect(one.weights != plain.weights)
    #expect(
      one.record.wholeTraffic.total { $0.kind == .push }.payloadByteCount
        < plain.record.wholeTraffic.total { $0.kind == .push }.payloadByteCount)
  }

  @Test func `measures the servers' weights, not what the workers have of them`() throws {
    let sets: [String] = [
      "communication.pull-codec=top-k", "communication.pull-density=0.01", "stream.epochs=1",
    ]
    let run = try SimulatedRun(sets)
    #expect(run.ending == .completed)
    #expect(run.record.wholeTraffic.total { $0.kind == .evaluation }.payloadByteCount > 0)
  }

  @Test func `changes reach workers that are behind`() throws {
    let run = try SimulatedRun([
      "communication.pull-codec=top-k", "cluster.consistency=asp", "cluster.workers=4",
      "communication.pull-ring=3", "method.consolidate=on-worker-boundary", "method.name=ewc",
    ])
    #expect(run.ending == .completed)
  }
}
