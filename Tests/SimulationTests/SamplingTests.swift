import Consolidation
import Foundation
import Methods
import Reports
import Settings
import Simulation
import Testing

@testable import Experiments
@testable import Roles
import Running

/// What a run reports besides its curve, its clock and the bytes of looking: by key of the file.
private func reported(
  _ run: SimulatedRun, _ record: RunRecord? = nil, withPulls: Bool = true
) throws -> [String: String] {
  var result = RunResult(
    record ?? run.record, of: run.blueprint, mode: "simulation", seconds: 0, virtualSeconds: nil,
    command: "")
  result.communication.control = RunResult.Bytes()
  result.communication.evaluation = RunResult.Bytes()
  result.communication.byTask = []
  if !withPulls { result.communication.pull = RunResult.Bytes() }
  result.communication.overTime = RunResult.BytesOverTime()
  let data = try JSONEncoder().encode(result)
  let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  // Measurements between boundaries make the first four finer; it is what they are for.
  let ofTheCurve = ["curve", "anytime_accuracy", "minimum_accuracy", "time_to_accuracy"]
  let ofTheClock = ["phases", "nodes", "steps_per_second"]
  return try object.filter {
    !(ofTheCurve + ofTheClock + ["links", "experiment"]).contains($0.key)
  }.mapValues {
    let text = try JSONSerialization.data(
      withJSONObject: $0, options: [.fragmentsAllowed, .sortedKeys])
    return String(decoding: text, as: UTF8.self)
  }
}

private func differences(_ a: [String: String], _ b: [String: String]) -> [String] {
  Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted().map {
    "\($0): \(a[$0]?.prefix(400) ?? "") | \(b[$0]?.prefix(400) ?? "")"
  }
}

@Suite struct `Samples between boundaries` {
  /// Three tasks, because a boundary has to look back at another one past a sample.
  private static let tasks = [
    "stream.kind=permuted", "stream.tasks=3", "cluster.workers=3", "optimizer.rate=0.01",
  ]
  private static let looks = ["evaluation.every-steps=3"]

  private static let arrangements: [String: [String]] = [
    "bsp": [],
    "rotated": ["arrival.order=rotated", "method.consolidate=on-worker-boundary"],
    "owned": ["arrival.order=owned", "method.consolidate=on-worker-boundary"],
    "late": [
      "arrival.onset=offset", "arrival.offset=4", "method.consolidate=on-worker-boundary",
    ],
    "provisional": ["method.consolidate=every", "method.consolidate-every=4"],
    "local": ["cluster.consistency=local", "cluster.local-steps=3"],
    "workers": ["cluster.consistency=local", "cluster.local-steps=3", "penalty.at=worker"],
    "lazy": ["penalty.lazy=true", "optimizer.kind=sgd", "optimizer.rate=0.1"],
    "coded": [
      "communication.pull-codec=top-k", "communication.push-codec=top-k",
      "communication.pull-density=0.2",
    ],
    "lazy, coded": [
      "penalty.lazy=true", "optimizer.kind=sgd", "optimizer.rate=0.1",
      "communication.pull-codec=top-k", "communication.pull-density=0.2",
    ],
    "ssp": ["cluster.consistency=ssp", "method.consolidate=on-worker-boundary"],
    "asp": ["cluster.consistency=asp", "method.consolidate=on-worker-boundary"],
  ]

  /// Which methods the validation of an experiment refuses in an arrangement.
  private static func allows(_ name: String, _ arrangement: String) -> Bool {
    let isLocal = ["local", "workers"].contains(arrangement)
    guard let method = Methods.all.first(where: { $0.name == name })?.init() else { return false }
    // References belong to one version, and nothing of them or of sums may be left out.
    if method.references != nil || method.learner != nil, isLocal || arrangement.contains("coded") {
      return false
    }
    if method.schedule == .independent || method.memory != nil || method.distillation != nil
      || method.generation != nil
    {
      return !(arrangements[arrangement] ?? []).joined().contains("consolidate")
    }
    switch method.penalty?.importance {
    case .exchanged: return isLocal
    case .gathered(let path):
      let meets = !(arrangements[arrangement] ?? []).joined().contains("consolidate")
      return (!path.readsSteps || arrangement != "workers")
        && (!(path is any ScaledPathImportance) || meets)
    case .estimated, nil: return true
    }
  }

  private static var cases: [(String, String)] {
    MethodNames.all.flatMap { name in
      arrangements.keys.sorted().filter { allows(name, $0) }.map { (name, $0) }
    }
  }

  /// A readout's classes share a head.
  private static func readoutNeeds(_ name: String) -> [String] {
    let hasReadout = Methods.all.contains { $0.name == name && $0.init().readout != nil }
    return hasReadout ? ["stream.scenario=class"] : []
  }

  private static func sets(_ name: String, _ arrangement: String) -> [String] {
    tasks + readoutNeeds(name) + choosing(name, strength: 2) + (arrangements[arrangement] ?? [])
  }

  @Test(arguments: cases)
  func `change nothing that is reported but the curve`(name: String, arrangement: String) throws {
    let sets = Self.sets(name, arrangement)
    // Without a barrier the weights depend on who is when: looking has to take no time.
    func free(_ costs: inout CostModel) {
      guard ["ssp", "asp"].contains(arrangement) else { return }
      costs.sliceSeconds = 0
      costs.latency = .uniform(0...0)
      costs.bytesPerSecond = 1e18
    }
    let plain = try SimulatedRun(sets, change: free)
    let watched = try SimulatedRun(sets + Self.looks, change: free)
    #expect(plain.ending == .completed && watched.ending == .completed)
    #expect(watched.record.rows.contains { $0.occasion == .sample })
    #expect(!plain.weights.isEmpty && watched.weights == plain.weights)
    // A worker that waits for its time to join looks meanwhile, and asks for its weights again.
    let withPulls = arrangement != "late"
    let found = try differences(
      reported(watched, withPulls: withPulls), reported(plain, withPulls: withPulls))
    #expect(found.isEmpty, "\(found)")
  }

  @Test(arguments: cases)
  func `could be struck from the record`(name: String, arrangement: String) throws {
    let run = try SimulatedRun(Self.sets(name, arrangement) + Self.looks)
    var record = run.record
    record.rows.removeAll { $0.occasion == .sample }
    #expect(record.rows.count < run.record.rows.count)
    let found = try differences(reported(run, record), reported(run))
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `a joint run keeps its row when somebody looks after the last boundary`() throws {
    let run = try SimulatedRun(["method.name=joint"] + Self.looks)
    var record = run.record
    let sample = try #require(record.rows.last { $0.occasion == .sample })
    record.rows.append(sample)
    let found = try differences(reported(run, record), reported(run))
    #expect(found.isEmpty, "\(found)")
    #expect(try reported(run)["accuracy"] != "null")
  }

  @Test func `show each of independent models on its own task`() throws {
    let run = try SimulatedRun(Self.sets("independent", "bsp") + Self.looks)
    let rows = run.record.rows
    var finished: [Int: Double] = [:]
    for row in rows {
      switch row.occasion {
      case .untrained: break
      case .boundary(let positions):
        finished[positions[0].stage] = row.accuracies[positions[0].stage]
      case .sample:
        let current = finished.count
        for task in row.accuracies.indices where task != current {
          let wanted = task < current ? finished[task] : rows[0].accuracies[task]
          #expect(wanted != nil && row.accuracies[task] == wanted)
          #expect(
            task > current || row.byClass[task] == rows.last?.byClass[task], "step \(row.step)")
        }
      }
    }
    let result = try reported(run)
    #expect(result["backward_transfer"] == "0" && result["forgetting"] == "0")
    #expect(result["diagnostics"]?.contains("last task's model") == true)
  }
}
