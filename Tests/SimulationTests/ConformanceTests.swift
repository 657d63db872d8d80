import Methods
import Roles
import Settings
import Testing

/// What every method in the list has to keep, whoever adds one: it is here by its registration.
///
/// Where a step's batch is drawn from the examples of all workers, one worker and many of them take
/// the same run, to rounding, wherever the examples are.
enum Conformance {
  /// Methods, and some that are combined.
  static let names =
    Methods.catalog.names + [
      "replay+ewc", "lwf+mas", "gem+ewc", "generative-replay+scp", "replay+generative-replay",
      "icarl+ewc",
    ]

  /// Methods whose run depends on the number of workers by what they are, with the reason.
  static let exceptions = [
    "fedcurv": "each worker takes steps of its own, held by what the others have told"
  ]

  static let invariant = names.filter { exceptions[$0] == nil }

  static let placements = [
    "even": "placement.kind=iid",
    "Dirichlet": "placement.kind=dirichlet-by-class placement.beta=0.3",
    "owned": "arrival.order=owned",
  ]

  /// Two tasks of twenty steps each, by the plainest of optimisers: another one divides rounding by
  /// what is nearly nothing.
  static func sets(_ method: String, _ placement: String = "even") -> [String] {
    let words = placements[placement]?.split(separator: " ").map(String.init) ?? []
    return words + MethodNames.needs(method) + choosing(method, strength: strength(method))
      + memory(method) + [
        "stream.batches=global", "stream.iterations=20", "optimizer.kind=sgd",
        "optimizer.rate=0.1", "simulation.clock=free",
      ]
  }

  /// So that a penalty counts beside the loss, and diverges nowhere.
  private static func strength(_ method: String) -> Double {
    method.contains("scp") ? 5 : 1
  }

  /// Few examples, of whose draws a step sees a part.
  private static func memory(_ method: String) -> [String] {
    var sets: [String] = []
    if method.hasPrefix("replay") { sets += ["method.memory=11", "method.replay-batch=7"] }
    if method.contains("icarl") { sets += ["method.exemplars=4"] }
    if method.contains("bic") { sets += ["method.memory=17"] }
    if method.contains("nearest-mean") { sets += ["method.prototypes=4"] }
    if method.contains("gem") { sets += ["method.memories=9"] }
    if method.contains("a-gem") { sets += ["method.reference-batch=5"] }
    return sets
  }

  /// The largest difference, over the largest of the first's weights.
  static func distance(_ left: [Float], _ right: [Float]) -> Float {
    guard left.count == right.count, !left.isEmpty else { return .infinity }
    let largest = left.map { abs($0) }.max() ?? 0
    return (zip(left, right).map { abs($0 - $1) }.max() ?? 0) / largest
  }
}

@Suite struct `Every method, with batches over all workers` {
  @Test(arguments: Conformance.invariant, ["even", "Dirichlet", "owned"])
  func `gives the same run for any number of workers`(method: String, placement: String) throws {
    // A model a task needs all workers at the same task.
    guard !(method == "independent" && placement == "owned") else { return }
    let sets = Conformance.sets(method, placement)
    let one = try SimulatedRun(sets + ["cluster.workers=1"])
    #expect(one.record.workerSummaries.allSatisfy { ($0?.stepCount ?? 0) >= 20 })
    for workers in [2, 4] {
      let many = try SimulatedRun(sets + ["cluster.workers=\(workers)"])
      #expect(
        Conformance.distance(one.weights, many.weights) < 1e-5, "\(workers) workers")
    }
  }

  @Test(arguments: Conformance.names)
  func `gives the same bits for any number of servers, and from run to run`(
    method: String
  ) throws {
    let sets = Conformance.sets(method) + ["cluster.workers=4"]
    let one = try SimulatedRun(sets)
    #expect(!one.weights.isEmpty)
    #expect(try SimulatedRun(sets).weights == one.weights)
    #expect(try SimulatedRun(sets + ["cluster.servers=3"]).weights == one.weights)
  }

  @Test func `makes another run of another placement only by rounding`() throws {
    let runs = try ["even", "Dirichlet", "owned"].map {
      try SimulatedRun(Conformance.sets("replay", $0) + ["cluster.workers=2"])
    }
    #expect(Conformance.distance(runs[0].weights, runs[1].weights) < 1e-5)
    #expect(Conformance.distance(runs[0].weights, runs[2].weights) < 1e-5)
    let other = try SimulatedRun(Conformance.sets("replay") + ["cluster.workers=2", "seed=2"])
    #expect(Conformance.distance(runs[0].weights, other.weights) > 1e-3)
  }
}
