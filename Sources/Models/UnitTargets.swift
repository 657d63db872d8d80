import CKernels
public import Tensors

/// Every output unit answers a question of its own, whether the example is of its class, by
/// σ(logit): what it is to answer.
///
/// Units that are known from before are held to the answers σ(logit/T) that they give at other
/// weights, of every example; all others are to say whether they are the label's. T = 1 is the
/// paper's; a higher one leaves room for a new class that looks like an old one.
///
/// - Source: Rebuffi et al. 2017, "iCaRL", algorithm 3; T: van de Ven et al. 2022, in their code.
public struct UnitTargets: Sendable {
  /// The other weights, all parameters of the network; `nil` where no unit is known from before.
  public let weights: Vector?
  /// Units that are held to the answers at the other weights; none without them.
  public let known: Range<Int>
  /// T > 0 of the other weights' answers.
  public let temperature: Float

  /// - Parameters:
  ///   - weights: All parameters of the network; `nil` where no unit is known from before.
  ///   - known: Units that are held to the answers there; not looked at without weights.
  ///   - temperature: T > 0 of the answers there.
  public init(weights: Vector? = nil, known: Range<Int> = 0..<0, temperature: Float = 1) {
    self.weights = weights
    self.temperature = temperature
    self.known = weights == nil ? 0..<0 : known
  }

  /// Replaces logits by the derivatives f(σ(z) − q) of Σ_i f_i Σ_units KL(q ‖ σ(z)), over each
  /// example's active units and the known ones; q is σ of the other logits by T for a known unit,
  /// else 1 for the label's and 0 for all others.
  ///
  /// - Parameters:
  ///   - logits: Examples × units of the pass.
  ///   - others: The other weights' logits, likewise; `nil` where no unit is known.
  ///   - factors: By example of the pass.
  /// - Returns: Those sums, of the units that are not known and of those that are. Natural
  ///   logarithm; at T = 1 the second is exactly 0 where logits are equal.
  func replaceByRows(
    _ logits: UnsafeMutablePointer<Float>, _ others: UnsafePointer<Float>?, of pass: Pass,
    factors: [Float]
  ) -> (labels: Double, targets: Double) {
    let (count, first) = (pass.units.count, pass.units.lowerBound)
    var sum = (labels: 0.0, targets: 0.0)
    for (index, example) in pass.examples.enumerated() {
      let row = logits + index * count
      let (active, label) = (pass.batch.active[example], pass.batch.labels[example])
      let factor = factors[index]
      for unit in pass.units {
        let place = unit - first
        let z = row[place]
        if known.contains(unit), let logit = others?[index * count + place] {
          let other = logit / temperature
          let q = Self.logistic(other)
          sum.targets += Double(factor) * Self.divergence(of: q, other, from: z)
          row[place] = factor * (Self.logistic(z) - q)
        } else if active.contains(unit) {
          sum.labels += Double(factor) * Self.softplus(unit == label ? -Double(z) : Double(z))
          // Not σ − 1, which loses all digits when the network is sure.
          row[place] = factor * (unit == label ? -Self.logistic(-z) : Self.logistic(z))
        } else {
          row[place] = 0
        }
      }
    }
    return sum
  }

  /// σ(z).
  private static func logistic(_ z: Float) -> Float {
    z < 0 ? hebb_expf(z) / (1 + hebb_expf(z)) : 1 / (1 + hebb_expf(-z))
  }

  /// log(1 + exp(z)): −log σ(−z).
  private static func softplus(_ z: Double) -> Double {
    max(z, 0) + hebb_log(1 + hebb_exp(-abs(z)))
  }

  /// KL of two answers, q = σ(other) and σ(z).
  private static func divergence(of q: Float, _ other: Float, from z: Float) -> Double {
    let (mine, given) = (Double(z), Double(other))
    return Double(q) * (softplus(-mine) - softplus(-given))
      + (1 - Double(q)) * (softplus(mine) - softplus(given))
  }
}

extension Network {
  /// Writes the gradient of Σ_i f_i Σ_units KL(q ‖ σ(z)): see ``UnitTargets``.
  ///
  /// These weights have a way up and down; the other weights a way up.
  ///
  /// - Parameters:
  ///   - batch: The examples; none gives a gradient of zeros.
  ///   - factors: By example, what its loss is multiplied by.
  ///   - targets: What units are to answer.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, overwritten.
  /// - Returns: The sums of units that learn labels and of those that are held to earlier answers;
  ///   0 for an empty batch.
  public func gradient(
    of batch: Batch, factors: [Float], targets: UnitTargets, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> (labels: Double, targets: Double) {
    precondition(factors.count == batch.count, "every example has a factor")
    gradient.update(repeating: 0, count: layout.count)
    guard batch.count > 0 else { return (0, 0) }
    let all = 0..<batch.count
    let needed = Pass(self, batch, all, at: weights, using: workspace).units
    let units = targets.known.isEmpty ? needed : needed.spanning(targets.known)
    var answers: UnsafeMutablePointer<Float>?
    if let others = targets.weights {
      let count = batch.count * units.count
      let other = Pass(self, batch, all, units: units, at: others.base, using: workspace)
      let kept = workspace.rows.reserve(count)
      kept.update(from: forward(other), count: count)
      answers = kept
    }
    let pass = Pass(self, batch, all, units: units, at: weights, using: workspace)
    let rows = forward(pass)
    let loss = targets.replaceByRows(
      rows, answers.map { UnsafePointer($0) }, of: pass, factors: factors)
    addGradient(of: rows, in: pass, to: gradient)
    return loss
  }
}
