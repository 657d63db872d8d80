public import Tensors

/// What a network is held to beside the labels: the answers that it gives at other weights.
public struct SoftTargets: Sendable {
  /// Output units whose probabilities are compared as one distribution.
  public struct Group: Sendable, Hashable {
    public let units: Range<Int>
    /// The units that the other weights know; the rest of the group has a probability of 0 there.
    public let known: Range<Int>
    /// What it counts.
    public let weight: Float

    /// - Parameters:
    ///   - units: Not empty.
    ///   - known: Some of them, at least one; all if left out.
    ///   - weight: ≥ 0.
    public init(units: Range<Int>, known: Range<Int>? = nil, weight: Float) {
      self.units = units
      self.known = known ?? units
      precondition(!self.known.isEmpty && self.known.clamped(to: units) == self.known)
      self.weight = weight
    }
  }

  /// The other weights, all parameters of the network.
  public let weights: Vector
  /// T > 0: probabilities are softmax(z/T).
  public let temperature: Float
  /// At least one; no two have a unit in common.
  public let groups: [Group]
  /// Whether only the likeliest known unit of a group counts, with a probability of 1; of equal
  /// ones the first.
  public let isHard: Bool
  /// What labels count beside them, ≥ 0.
  public let labelWeight: Float
  /// What becomes of the other weights' logits first; `nil`: nothing.
  public let correction: LogitCorrection?

  /// - Parameters:
  ///   - weights: All parameters of the network; what lies behind them does not count.
  ///   - temperature: T > 0.
  ///   - groups: At least one; no two have a unit in common.
  ///   - isHard: Whether only the likeliest known unit of a group counts; no if left out.
  ///   - labelWeight: What labels count beside them, ≥ 0.
  ///   - correction: What becomes of the other weights' logits first; `nil`: nothing.
  public init(
    weights: Vector, temperature: Float, groups: [Group], isHard: Bool = false,
    labelWeight: Float = 1, correction: LogitCorrection? = nil
  ) {
    precondition(temperature > 0 && !groups.isEmpty)
    self.labelWeight = labelWeight
    self.correction = correction
    self.weights = weights
    self.temperature = temperature
    self.groups = groups
    self.isHard = isHard
  }

  /// The units of all groups and these, with what lies between them.
  func units(with others: Range<Int>) -> Range<Int> {
    groups.reduce(others) { $0.spanning($1.units) }
  }

  /// Replaces the other weights' logits by the derivatives of Σ_i f_i Σ_g w_g KL(p' ‖ p) by these
  /// weights' logits: f w/T (p − p'), where p' are the other weights' probabilities.
  ///
  /// - Parameters:
  ///   - others: The other weights' logits, examples × units of the pass.
  ///   - logits: These weights' logits.
  ///   - factors: By example of the pass.
  /// - Returns: That sum (natural logarithm); exactly 0 where both have the same logits and all
  ///   units are known.
  func replaceByRows(
    _ others: UnsafeMutablePointer<Float>, _ logits: UnsafePointer<Float>, of pass: Pass,
    factors: [Float]
  ) -> Double {
    let (count, first) = (pass.units.count, pass.units.lowerBound)
    let (wanted, given) = (Vector(uninitialized: count), Vector(uninitialized: count))
    let difference = Vector(uninitialized: count)
    var sum = 0.0
    for (index, factor) in factors.enumerated() {
      let (other, row) = (others + index * count, logits + index * count)
      for unit in 0..<count {
        wanted.base[unit] = other[unit] / temperature
        given.base[unit] = row[unit] / temperature
        difference.base[unit] = wanted.base[unit] - given.base[unit]
        other[unit] = 0
      }
      for group in groups {
        let (start, length) = (group.units.lowerBound - first, group.units.count)
        let (p, q) = (wanted.base + start, given.base + start)
        let known =
          group.known.lowerBound - group.units.lowerBound..<group.known.upperBound
          - group.units.lowerBound
        // Of these nothing is left once there are probabilities.
        let choice = isHard ? Self.highest(of: p, among: known) : nil
        let score = choice.map { Double(q[$0]) } ?? 0
        let norm = Softmax.normalize(p, count: length, active: known)
        let ownNorm = Softmax.normalize(q, count: length, active: 0..<length)
        var divergence = choice == nil ? ownNorm - norm : ownNorm - score
        if let choice {
          p.update(repeating: 0, count: length)
          p[choice] = 1
        }
        for unit in 0..<length {
          if !isHard { divergence += Double(p[unit]) * Double(difference.base[start + unit]) }
          other[start + unit] = factor * group.weight / temperature * (q[unit] - p[unit])
        }
        sum += Double(factor * group.weight) * divergence
      }
    }
    return sum
  }

  private static func highest(of row: UnsafePointer<Float>, among units: Range<Int>) -> Int {
    var best = units.lowerBound
    for unit in units where row[unit] > row[best] { best = unit }
    return best
  }
}

extension Network {
  /// Adds the gradient of Σ_i f_i Σ_g w_g KL(p'_g ‖ p_g): of the answers at other weights, and of
  /// no labels.
  ///
  /// - Parameters:
  ///   - batch: The examples, at least one; their labels do not count.
  ///   - factors: By example, what its loss is multiplied by.
  ///   - targets: The answers at other weights.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, added to.
  /// - Returns: That sum (natural logarithm).
  public func addGradient(
    of batch: Batch, factors: [Float], targets: SoftTargets, at weights: UnsafePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    precondition(factors.count == batch.count, "every example has a factor")
    let all = 0..<batch.count
    let units = targets.units(with: targets.groups[0].units)
    let count = batch.count * units.count
    let other = Pass(self, batch, all, units: units, at: targets.weights.base, using: workspace)
    let answers = workspace.rows.reserve(count)
    answers.update(from: forward(other), count: count)
    targets.correction?.apply(to: answers, rows: batch.count, of: units)
    let pass = Pass(self, batch, all, units: units, at: weights, using: workspace)
    let distance = targets.replaceByRows(answers, forward(pass), of: pass, factors: factors)
    addGradient(of: answers, in: pass, to: gradient)
    return distance
  }

  /// Writes the gradient of Σ_i f_i (−c log p(label_i) + Σ_g w_g KL(p'_g ‖ p_g)): labels, which
  /// count c, and beside them the answers at other weights.
  ///
  /// Both have one way up and down together; the other weights have a way up.
  ///
  /// - Parameters:
  ///   - batch: The examples; none gives a gradient of zeros.
  ///   - factors: By example, what its loss is multiplied by.
  ///   - targets: The answers at other weights.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, overwritten.
  /// - Returns: Both sums (natural logarithms); 0 for an empty batch.
  public func gradient(
    of batch: Batch, factors: [Float], targets: SoftTargets, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> (labels: Double, targets: Double) {
    precondition(factors.count == batch.count, "every example has a factor")
    gradient.update(repeating: 0, count: layout.count)
    guard batch.count > 0 else { return (0, 0) }
    let all = 0..<batch.count
    let needed = Pass(self, batch, all, at: weights, using: workspace).units
    let units = targets.units(with: needed)
    let count = batch.count * units.count
    let other = Pass(self, batch, all, units: units, at: targets.weights.base, using: workspace)
    let answers = workspace.rows.reserve(count)
    answers.update(from: forward(other), count: count)
    targets.correction?.apply(to: answers, rows: batch.count, of: units)
    let pass = Pass(self, batch, all, units: units, at: weights, using: workspace)
    let rows = forward(pass)
    let distance = targets.replaceByRows(answers, rows, of: pass, factors: factors)
    let labelWeight = targets.labelWeight
    let loss = CrossEntropy.replaceByRows(
      rows, of: pass, factors: labelWeight == 1 ? factors : factors.map { labelWeight * $0 })
    Kernels.add(answers, to: rows, count: count)
    addGradient(of: rows, in: pass, to: gradient)
    return (loss, distance)
  }
}
