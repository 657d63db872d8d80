import Compression
import Roles
import Testing

@testable import Experiments

private func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.isEmpty || a.count != b.count
    ? .infinity : zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0
}

private func bytes(_ run: SimulatedRun, _ kind: TrafficLine.Kind) -> Int {
  run.record.wholeTraffic.total { $0.kind == kind }.payloadByteCount
}

@Suite struct `Penalty at the workers` {
  private let plain = [
    "optimizer.kind=sgd", "optimizer.rate=0.05", "method.lambda=20", "cluster.workers=3",
    "cluster.servers=2",
  ]

  @Test(arguments: ["ewc", "mas", "l2"], ["separate", "online"])
  func `is the servers' to rounding, and its bytes are counted`(
    method: String, mode: String
  ) throws {
    let sets = plain + ["method.name=\(method)", "method.mode=\(mode)"]
    let server = try SimulatedRun(sets)
    let worker = try SimulatedRun(sets + ["penalty.at=worker"])
    #expect(worker.ending == .completed)
    #expect(distance(server.weights, worker.weights) < 1e-4)
    #expect(bytes(worker, .importance) > bytes(server, .importance))
    #expect(bytes(worker, .push) == bytes(server, .push))
    let none = try SimulatedRun(plain.filter { !$0.hasPrefix("method") } + ["method.name=none"])
    #expect(distance(none.weights, worker.weights) > 1e-3)
  }

  @Test(
    arguments: ["method.consolidate=on-global-boundary", "method.consolidate=on-worker-boundary"],
    ["fp32", "log8"])
  func `does not depend on delays`(moment: String, importance: String) throws {
    let sets: [String] =
      plain + [
        moment, "penalty.at=worker", "method.name=ewc", "communication.importance=\(importance)",
        "communication.gate=0.01", "communication.push-codec=top-k",
        "communication.push-selection=movable", "communication.push-density=0.3",
      ]
    let (one, other) = (try SimulatedRun(sets), try SimulatedRun(sets, delaySeed: 31))
    #expect(one.ending == .completed && !one.weights.isEmpty && one.weights == other.weights)
  }

  @Test(arguments: ["gradient", "proximal"], ["sgd", "adam"])
  func `acts in local steps`(form: String, optimizer: String) throws {
    let sets = [
      "cluster.consistency=local", "cluster.local-steps=3", "method.name=ewc",
      "penalty.at=worker", "penalty.form=\(form)", "optimizer.kind=\(optimizer)",
    ]
    let held = try SimulatedRun(sets + ["method.lambda=10000", "optimizer.rate=0.01"])
    let free = try SimulatedRun(sets + ["method.lambda=0", "optimizer.rate=0.01"])
    #expect(held.ending == .completed && distance(held.weights, free.weights) > 1e-4)
  }

  @Test func `of strength 0 changes no bit and sends nothing`() throws {
    let sets = ["method.name=ewc", "method.lambda=0"]
    let server = try SimulatedRun(sets)
    let worker = try SimulatedRun(sets + ["penalty.at=worker", "communication.gate=1"])
    #expect(!server.weights.isEmpty && server.weights == worker.weights)
    #expect(bytes(worker, .importance) == bytes(server, .importance))
  }
}

@Suite struct `FedCurv` {
  private let sets = [
    "method.name=fedcurv", "cluster.consistency=local", "cluster.local-steps=3",
    "cluster.workers=3", "cluster.servers=2",
  ]

  @Test func `exchanges two more vectors each way with every push`() throws {
    let run = try SimulatedRun(sets + ["method.lambda=5"])
    #expect(run.ending == .completed)
    // In the first round nothing is known that could be told before it.
    #expect(bytes(run, .importance) == 4 * bytes(run, .push))
    let plain = try SimulatedRun(Array(sets.dropFirst()) + ["method.name=none"])
    #expect(bytes(run, .push) == bytes(plain, .push))
    #expect(distance(run.weights, plain.weights) > 1e-4)
  }

  @Test func `with one worker has nobody to hold it`() throws {
    let alone = ["cluster.workers=1", "optimizer.kind=sgd", "optimizer.rate=0.05"]
    let run = try SimulatedRun(sets + alone + ["method.lambda=5"])
    let plain = try SimulatedRun(Array(sets.dropFirst()) + alone + ["method.name=none"])
    #expect(distance(run.weights, plain.weights) < 1e-5)
  }

  @Test func `gives the same bits whatever the delays`() throws {
    let one = try SimulatedRun(sets)
    let other = try SimulatedRun(sets, delaySeed: 5)
    #expect(!one.weights.isEmpty && one.weights == other.weights)
  }
}

@Suite struct `Gated pushes` {
  private let sets = [
    "method.name=ewc", "method.lambda=20", "optimizer.kind=sgd", "optimizer.rate=0.1",
    "penalty.form=proximal", "cluster.workers=3", "cluster.servers=2",
  ]

  @Test(arguments: ["none", "int8", "top-k", "sign"])
  func `say nothing of what the penalty holds`(codec: String) throws {
    let density = codec == "top-k" ? ["communication.push-density=0.2"] : []
    let sets = sets + ["communication.push-codec=\(codec)"] + density
    let plain = try SimulatedRun(sets)
    let gated = try SimulatedRun(sets + ["communication.gate=0.01"])
    #expect(gated.ending == .completed)
    func pushed(_ run: SimulatedRun, _ stage: Int) -> Int {
      run.record.wholeTraffic.total { $0.kind == .push && $0.stage == stage }.payloadByteCount
    }
    #expect(pushed(gated, 1) < pushed(plain, 1))
    if codec == "none" { #expect(pushed(gated, 0) == pushed(plain, 0)) }
  }

  @Test func `with a gate that nothing reaches are the same bits`() throws {
    let plain = try SimulatedRun(sets)
    let open = try SimulatedRun(sets + ["communication.gate=1e9"])
    #expect(!plain.weights.isEmpty && plain.weights == open.weights)
  }
}

@Suite struct `Lazy updates` {
  private let sets = [
    "method.name=ewc", "method.lambda=20", "optimizer.kind=sgd", "optimizer.rate=0.1",
    "cluster.workers=3", "communication.push-codec=top-k", "communication.push-density=0.02",
  ]

  @Test(arguments: ["gradient", "proximal"], [1, 2])
  func `make the answers sparse and change little`(form: String, servers: Int) throws {
    let lossless = [
      "communication.pull-codec=threshold", "communication.pull-threshold=1e-30",
      "penalty.form=\(form)", "cluster.servers=\(servers)", "method.lambda=2",
    ]
    let eager = try SimulatedRun(sets + lossless)
    let lazy = try SimulatedRun(sets + lossless + ["penalty.lazy=true"])
    #expect(lazy.ending == .completed)
    #expect(bytes(lazy, .pull) < bytes(eager, .pull))
    #expect(distance(lazy.weights, eager.weights) < 0.1)
  }

  @Test func `do not depend on the number of servers or on delays`() throws {
    let lazy = sets + ["penalty.lazy=true", "penalty.form=proximal", "evaluation.every-steps=4"]
    let one = try SimulatedRun(lazy)
    let other = try SimulatedRun(lazy, delaySeed: 8)
    #expect(!one.weights.isEmpty && one.weights == other.weights)
  }
}

@Suite struct `Overlaid residuals` {
  private let sets = [
    "cluster.consistency=local", "cluster.local-steps=2", "cluster.workers=3",
    "communication.push-overlay=true",
  ]

  @Test func `are nothing where everything is sent`() throws {
    let plain = try SimulatedRun(Array(sets.dropLast()))
    let overlaid = try SimulatedRun(sets)
    #expect(!plain.weights.isEmpty && plain.weights == overlaid.weights)
  }

  @Test(arguments: ["communication.gate=none", "communication.gate=0.001"])
  func `make a lone worker's steps its own`(gate: String) throws {
    // Of one worker what was sent and what was not are its whole way.
    let alone = [
      "cluster.workers=1", "optimizer.kind=sgd", "optimizer.rate=0.05", "method.name=none",
      "stream.tasks=1", gate,
    ]
    let coded = ["communication.push-codec=top-k", "communication.push-density=0.05"]
    let flushed = coded + ["communication.push-residual=flush"]
    let whole = try SimulatedRun(sets + alone)
    let sparse = try SimulatedRun(sets + alone + flushed)
    #expect(distance(whole.weights, sparse.weights) < 1e-5)
    let late = try SimulatedRun(Array(sets.dropLast()) + alone + flushed)
    #expect(distance(whole.weights, late.weights) > 1e-4)
  }
}

@Suite struct `Residuals of the servers` {
  private let sets = [
    "communication.pull-codec=top-k", "communication.pull-density=0.02", "method.name=ewc",
    "method.lambda=5", "cluster.workers=3",
  ]

  @Test(arguments: ErrorFeedback.Boundary.allCases)
  func `are kept, sent or forgotten at a boundary`(boundary: ErrorFeedback.Boundary) throws {
    let run = try SimulatedRun(sets + ["communication.pull-residual=\(boundary.rawValue)"])
    #expect(run.ending == .completed)
    let other = try SimulatedRun(
      sets + ["communication.pull-residual=\(boundary.rawValue)"], delaySeed: 3)
    #expect(!run.weights.isEmpty && run.weights == other.weights)
    let plain = try SimulatedRun(["method.name=ewc", "method.lambda=5", "cluster.workers=3"])
    // Forgotten: what the workers have is what there is, and nothing is sent to be measured.
    if boundary == .drop { #expect(bytes(run, .evaluation) == bytes(plain, .evaluation)) }
    #expect(bytes(run, .evaluation) <= bytes(plain, .evaluation))
  }
}

@Suite struct `Ledger` {
  @Test func `by stage, by round trip and in whole is the same sum`() throws {
    let run = try SimulatedRun([
      "method.name=ewc", "cluster.workers=3", "cluster.servers=2",
      "communication.push-codec=int8",
    ])
    let traffic = run.record.wholeTraffic
    for kind in TrafficLine.Kind.allCases {
      let total = traffic.total { $0.kind == kind }
      #expect(traffic.series.bins(of: kind).reduce(0, +) == total.framedByteCount)
      #expect(total.boundBits <= Double(8 * total.payloadByteCount))
      let stages = Set(traffic.lines.filter { $0.kind == kind }.map(\.stage))
      #expect(stages.isSubset(of: kind == .control || kind == .evaluation ? [nil] : [0, 1]))
    }
    let push = traffic.total { $0.kind == .push }
    #expect(push.boundBits < Double(8 * push.payloadByteCount) * 0.99)
  }
}
