import Experiments
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

/// L_i(θ) = ½ ‖θ − c_i‖² + 1, all known by hand.
private struct Bowls: LossFamily {
  let centres: [[Float]]
  var lossCount: Int { centres.count }

  func writeGradient(of loss: Int, at weights: Vector, into gradient: Vector) {
    for index in 0..<weights.count { gradient[index] = weights[index] - centres[loss][index] }
  }

  func value(of loss: Int, at weights: Vector) -> Double {
    (0..<weights.count).reduce(1) {
      let way = Double(weights[$1] - centres[loss][$1])
      return $0 + way * way / 2
    }
  }
}

@Suite struct `Affinity of losses` {
  private func look(_ centres: [[Float]], at weights: [Float]) -> GradientAffinity<Bowls> {
    GradientAffinity(Bowls(centres: centres), at: Vector(weights))
  }

  @Test func `is the cosine of gradients, by hand`() {
    // Gradients (3, 4), (4, −3), (−3, −4), (4, 3), and one without length.
    let first: [Double] = [1, 0, -1, 0.96, 0]
    let cosines = look([[-3, -4], [-4, 3], [3, 4], [-4, -3], [0, 0]], at: [0, 0]).cosines
    #expect(cosines[0].elementsEqual(first) { abs($0 - $1) < 1e-6 })
    for row in 0..<5 {
      #expect(cosines[row][row] == 1)
      for column in 0..<5 { #expect(cosines[row][column] == cosines[column][row]) }
    }
  }

  @Test func `of a look-ahead is found by hand`() {
    // θ = 0, g_0 = (−2, 0), g_1 = (0, −4); L = 3 and 9. A step of ½ on 0 goes to (1, 0):
    // L_0 = 1.5, L_1 = ½(1 + 16) + 1 = 9.5; on 1 to (0, 2): L_0 = ½(4 + 4) + 1 = 5, L_1 = 3.
    let ahead = look([[2, 0], [0, 4]], at: [0, 0]).lookAheads(rate: 0.5)
    let (first, second): ([Double], [Double]) = ([1.5 / 3, 9.5 / 9], [5.0 / 3, 3.0 / 9])
    #expect(ahead == [first.map { 1 - $0 }, second.map { 1 - $0 }])
  }

  @Test func `identical losses help each other as they help themselves`() {
    let affinity = look([[1, 2], [1, 2], [0, 5]], at: [0.5, -1])
    let ahead = affinity.lookAheads(rate: 0.25)
    #expect(ahead[0][1] == ahead[0][0] && ahead[1][0] == ahead[1][1])
    #expect(ahead[0] == ahead[1])
    #expect(abs(affinity.cosines[0][1] - 1) < 1e-6)
  }

  @Test func `to first order is the product of gradients over the loss`() {
    let centres: [[Float]] = [[2, 1], [-1, 3], [4, 0]]
    let bowls = Bowls(centres: centres)
    let affinity = look(centres, at: [0, 0])
    func error(_ rate: Float) -> Double {
      let ahead = affinity.lookAheads(rate: rate)
      var largest = 0.0
      for one in 0..<3 {
        for other in 0..<3 {
          let (g, h) = (centres[one], centres[other])
          let dot = Double(g[0] * h[0] + g[1] * h[1])
          let first = dot / bowls.value(of: other, at: Vector(count: 2))
          largest = max(largest, abs(ahead[one][other] / Double(rate) - first))
        }
      }
      return largest
    }
    // What is left of Z falls with η², of Z / η with η.
    #expect(error(0.25) > 0.1 && error(0.0625) < error(0.25) / 3.9)
    #expect(error(0.015625) < error(0.0625) / 3.9)
  }
}

@Suite struct `Affinity on data` {
  private func measure(
    _ sets: [String], _ plan: AffinityPlan, data: DataSet? = nil
  ) throws -> [AffinityPlan.Estimator: AffinityMatrix] {
    try AffinityMeasurement(
      try tinyExperiment(sets), data: try data ?? tinyData(), plan: plan
    ).run { _, _ in }
  }

  private let plan = AffinityPlan(
    AffinityPlan.Estimator.allCases, stepCount: 20, sampleEvery: 5, exampleCount: 50)

  /// Of both directions.
  private func mean(_ matrix: AffinityMatrix, from one: Int, to other: Int) -> Double {
    (matrix.values[one][other] + matrix.values[other][one]) / 2
  }

  @Test(arguments: AffinityPlan.Members.allCases)
  func `is the same for one seed and another for another`(members: AffinityPlan.Members) throws {
    var plan = plan
    plan.members = members
    let (one, again) = (try measure([], plan), try measure([], plan))
    #expect(one == again && one.count == AffinityPlan.Estimator.allCases.count)
    #expect(try measure(["seed=2"], plan)[.gram] != one[.gram])
    for estimator in [AffinityPlan.Estimator.gram, .probe] {
      let matrix = try #require(one[estimator])
      #expect(matrix.values.indices.allSatisfy { matrix.values[$0][$0] == 1 })
    }
  }

  @Test func `counts neither the method nor the order that is asked for`() throws {
    let plain = try measure([], plan)
    #expect(try measure(["method.name=ewc", "stream.order=[1, 0]"], plan) == plain)
  }

  @Test func `looks at every sampled step and tells of every step`() throws {
    var steps: [Int] = []
    let measurement = try AffinityMeasurement(
      try tinyExperiment(), data: try tinyData(), plan: plan)
    #expect(measurement.names == ["0-1", "2-3"])
    // All at once, and each of two alone.
    _ = try measurement.run { step, all in
      #expect(all == 60)
      steps.append(step)
    }
    #expect(steps == Array(1...60) && plan.sampleCount == 4)
  }

  @Test func `is less between permutations than to oneself`() throws {
    let sets = ["stream.kind=permuted", "stream.tasks=3", "model.hidden=[40]"]
    let found = try measure(sets, plan)
    let ahead = try #require(found[.lookahead])
    for one in 0..<3 {
      for other in 0..<one {
        #expect(mean(ahead, from: one, to: other) < 0.5 * mean(ahead, from: one, to: one))
      }
    }
  }

  @Test func `falls with the angle between rotations`() throws {
    let sets = ["stream.kind=rotated", "stream.tasks=3", "stream.angles=[0, 30, 90]"]
    let found = try measure(sets + ["model.hidden=[40]"], plan)
    let matrix = try #require(found[.gram])
    #expect(mean(matrix, from: 0, to: 1) > mean(matrix, from: 0, to: 2))
  }

  @Test func `of nodes is high where each has everything and low where each has its classes`()
    throws
  {
    var plan = plan
    plan.members = .nodes
    let even = try #require(try measure([], plan)[.gram])
    let skewed = try #require(
      try measure(["placement.kind=classes-per-node", "placement.classes=1"], plan)[.gram])
    #expect(even.values[0][1] > skewed.values[0][1])
  }

  @Test func `is refused where a node has nothing, and where training diverges`() throws {
    var plan = plan
    #expect(throws: ConfigurationError.self) {
      try measure(["optimizer.kind=sgd", "optimizer.rate=1e30"], plan)
    }
    plan.members = .nodes
    #expect(throws: DataError.self) {
      try measure(["cluster.workers=12", "stream.examples-per-task=10", "batch=12"], plan)
    }
  }
}
