public import Tensors

/// Competitive learning: of some units the one whose prototype is nearest to an example wins, and
/// only the winner learns. A prototype is the mean of all examples that it has won, so that it
/// moves towards an example by 1/n of the way, n counting the example; each win is a vote for the
/// example's class, and an unknown example has the class that most votes of its winner are for.
///
/// Units are dealt evenly to the stages of a run, and those of a stage start as its first examples,
/// one each, so that none lies where no data are; none competes before it has started. A step's
/// examples all compete at the prototypes that there were before it, which is the batch form of
/// the rule: a step over all examples is one of Lloyd's, and where nothing changes hands the
/// prototypes stay. Sums are of whole numbers (``PixelLevels``) and exact below 2²⁴.
///
/// - Source: Rumelhart & Zipser 1985; the rate 1/n: MacQueen 1967; in batches: Sculley 2010.
public struct Prototypes: LocalLearner, Hashable {
  /// Values of an example.
  public let inputs: Int
  /// Classes that are voted for.
  public let outputs: Int
  /// K ≥ 1.
  public let units: Int
  /// `prototype.sums` [K, inputs] of levels, `prototype.votes` [K, outputs].
  public let layout: ParameterLayout
  private let means: MeanScores

  /// - Parameters:
  ///   - inputs: Values of an example, ≥ 1.
  ///   - outputs: Classes, ≥ 1.
  ///   - units: K ≥ 1.
  ///   - levels: What the values stand for.
  public init(inputs: Int, outputs: Int, units: Int, levels: PixelLevels) {
    precondition(inputs >= 1 && outputs >= 1 && units >= 1, "somebody competes for something")
    self.inputs = inputs
    self.outputs = outputs
    self.units = units
    means = MeanScores(inputs: inputs, levels: levels)
    layout = ParameterLayout([
      (name: "prototype.sums", shape: [units, inputs]),
      (name: "prototype.votes", shape: [units, outputs]),
    ])
  }

  /// The scores of the units.
  public var activationCounts: [Int] { [units] }

  private var voteOffset: Int { units * inputs }

  /// Votes of each unit for some classes.
  private func votes(for classes: Range<Int>, at weights: UnsafePointer<Float>) -> [Float] {
    (0..<units).map { unit in
      let row = weights + voteOffset + unit * outputs
      return classes.reduce(0) { $0 + row[$1] }
    }
  }

  /// The scores of all units for the examples of a pass, examples × units.
  private func scores(_ pass: Pass, counts: [Float]) -> UnsafeMutablePointer<Float> {
    let count = pass.examples.count
    let scores = pass.workspace.activations[0].reserve(count * units)
    means.score(
      pass.inputs, count: count, sums: pass.weights, counts: counts, into: scores,
      using: pass.workspace)
    return scores
  }

  /// The first of the highest scores among units that may compete; `nil` if none may.
  private func winner(_ scores: UnsafePointer<Float>, among votes: [Float]) -> Int? {
    var best: Int?
    for unit in 0..<units where votes[unit] > 0 {
      if best.map({ scores[unit] > scores[$0] }) ?? true { best = unit }
    }
    return best
  }

  /// The votes of the winner among the units that have one for any active class.
  public func forward(_ pass: Pass) -> UnsafeMutablePointer<Float> {
    let (weights, width) = (pass.weights, pass.units.count)
    let scores = scores(pass, counts: votes(for: 0..<outputs, at: weights))
    let logits = pass.workspace.logits.reserve(pass.examples.count * width)
    var competing = (active: 0..<0, votes: [Float]())
    for (index, example) in pass.examples.enumerated() {
      let active = pass.batch.active[example]
      if active != competing.active { competing = (active, votes(for: active, at: weights)) }
      let row = logits + index * width
      guard let winner = winner(scores + index * units, among: competing.votes) else {
        row.update(repeating: 0, count: width)
        continue
      }
      let votes = weights + voteOffset + winner * outputs
      row.update(from: votes + pass.units.lowerBound, count: width)
    }
    return logits
  }

  /// Adds each example to its winner's sum and votes. Where nobody may compete yet, an example that
  /// starts no unit is passed over.
  public func learn(
    _ numbered: NumberedBatch, at weights: UnsafePointer<Float>,
    into sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    sum.update(repeating: 0, count: layout.count)
    let batch = numbered.batch
    guard batch.count > 0 else { return 0 }
    let own = evenRange(numbered.stage, of: units, parts: numbered.stageCount)
    let pass = Pass(
      self, batch, 0..<batch.count, units: 0..<outputs, at: weights, using: workspace)
    let counts = votes(for: 0..<outputs, at: weights)
    let scores = scores(pass, counts: counts)
    var distances = 0.0
    for (index, number) in numbered.numbers.enumerated() {
      let x = batch.inputs.base + index * inputs
      let row = scores + index * units
      let started = number < own.count ? own.lowerBound + number : nil
      guard let unit = started ?? winner(row, among: counts) else { continue }
      means.levels.addLevels(of: x, to: sum + unit * inputs, count: inputs)
      sum[voteOffset + unit * outputs + batch.labels[index]] += 1
      guard started == nil else { continue }
      distances += max(0, Kernels.sumOfSquares(x, count: inputs) - Double(row[unit]))
    }
    return distances / Double(batch.count)
  }

  /// Units without a vote, which nobody is near to.
  public func idleUnits(at weights: UnsafePointer<Float>) -> (idle: Int, all: Int)? {
    (votes(for: 0..<outputs, at: weights).count { $0 == 0 }, units)
  }
}

/// Makes ``Prototypes``.
public struct PrototypeRule: LocalRule, Hashable {
  /// K ≥ 1.
  public let units: Int

  /// - Parameter units: Prototypes, ≥ 1.
  public init(units: Int) { self.units = units }

  /// Prototypes that vote for output units.
  public func learner(inputs: Int, outputs: Int, levels: PixelLevels) -> any LocalLearner {
    Prototypes(inputs: inputs, outputs: outputs, units: units, levels: levels)
  }
}
