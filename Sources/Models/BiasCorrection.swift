import CKernels

/// The scores of the newest classes, o, become αo + β: learned among few examples of old classes
/// and many of their own, they come out too high.
///
/// α and β minimise the mean cross-entropy over examples that were never trained on, equally many
/// of each class, plus ½ρβ². That is convex in the two, so that Newton's method finds them; no
/// weight moves.
///
/// - Source: Wu et al. 2019, "Large scale incremental learning", §4.2; ρ is that of the authors'
///   code.
public struct BiasCorrection: Readout {
  /// ρ ≥ 0.
  public var penalty: Double

  /// - Parameter penalty: ρ ≥ 0.
  public init(penalty: Double = 0.1) { self.penalty = penalty }

  /// Of each example what the loss depends on: the newest units' first and what is right among them
  /// (−1 for an old class), log Σ exp over the old units' scores, the newest units' scores. Nothing
  /// before there are old units.
  public func statement(
    of batch: Batch, keys: [UInt64], newest: Range<Int>, by network: any Network,
    at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [StatementRecord] {
    precondition(keys.count == batch.count, "every example has a key")
    guard batch.count > 0, !newest.isEmpty, newest.lowerBound > 0 else { return [] }
    let units = 0..<newest.upperBound
    let pass = Pass(
      network, batch, 0..<batch.count, units: units, at: weights, using: workspace)
    let logits = network.forward(pass)
    return keys.indices.map { index in
      let row = logits + index * units.count
      let label = batch.labels[index]
      let place = newest.contains(label) ? label - newest.lowerBound : -1
      let old = (0..<newest.lowerBound).map { Double(row[$0]) }
      return StatementRecord(
        key: keys[index],
        values: [Float(newest.lowerBound), Float(place), Float(logSum(old))]
          + newest.map { row[$0] })
    }
  }

  /// α, β, and the newest units' first and end.
  public func fit(to records: [StatementRecord]) -> [Float] {
    guard let first = records.first?.values, first.count > Self.headCount else { return [] }
    let examples = records.compactMap { Example($0.values, like: first) }
    guard !examples.isEmpty else { return [] }
    let found = minimum(over: examples)
    return [
      Float(found.scale), Float(found.shift), first[0],
      first[0] + Float(first.count - Self.headCount),
    ]
  }

  /// The highest of the corrected scores.
  public func answers(
    to batch: Batch, of network: any Network, at weights: UnsafePointer<Float>, fit: [Float],
    using workspace: Workspace
  ) -> Answers {
    network.answers(to: batch, at: weights, correcting: correction(fit), using: workspace)
  }

  /// α and β for the scores of the newest units.
  public func correction(_ fit: [Float]) -> LogitCorrection? {
    guard fit.count == 4, let first = Int(exactly: fit[2]), let end = Int(exactly: fit[3]),
      0 <= first, first < end
    else { return nil }
    return LogitCorrection(units: first..<end, scale: fit[0], shift: fit[1])
  }

  /// Numbers of a record before the newest units' scores.
  private static let headCount = 3
}

// MARK: Newton's method

extension BiasCorrection {
  /// What the loss of an example depends on.
  private struct Example {
    /// Among the newest units; `nil` for an old class.
    let label: Int?
    /// log Σ exp over the old units' scores.
    let old: Double
    let newest: [Double]

    /// - Parameter first: The first record's values, with which others have to agree.
    init?(_ values: [Float], like first: [Float]) {
      guard values.count == first.count, values[0] == first[0], let place = Int(exactly: values[1]),
        place < values.count - headCount
      else { return nil }
      label = place < 0 ? nil : place
      old = Double(values[2])
      newest = values.dropFirst(headCount).map { Double($0) }
    }
  }

  /// α and β.
  struct Point {
    var scale = 1.0
    var shift = 0.0
  }

  /// The loss at a point, and what Newton's method needs of it.
  private struct Slope {
    var loss = 0.0
    var scale = 0.0
    var shift = 0.0
    var scaleScale = 0.0
    var scaleShift = 0.0
    var shiftShift = 0.0
  }

  /// The mean of −log p(label), up to what does not depend on α and β, plus ½ρβ².
  private func slope(at point: Point, over examples: [Example]) -> Slope {
    var sum = Slope()
    for example in examples {
      let corrected = example.newest.map { point.scale * $0 + point.shift }
      let norm = logSum(corrected + [example.old])
      // Of p over the newest units: Σp, Σpo, Σpo².
      var (mass, mean, square) = (0.0, 0.0, 0.0)
      for (score, logit) in zip(corrected, example.newest) {
        let p = hebb_exp(score - norm)
        mass += p
        mean += p * logit
        square += p * logit * logit
      }
      let own = example.label
      sum.loss += norm - (own.map { corrected[$0] } ?? example.old)
      sum.scale += mean - (own.map { example.newest[$0] } ?? 0)
      sum.shift += mass - (own == nil ? 0 : 1)
      sum.scaleScale += square - mean * mean
      sum.scaleShift += mean * (1 - mass)
      sum.shiftShift += mass * (1 - mass)
    }
    let count = Double(examples.count)
    return Slope(
      loss: sum.loss / count + penalty / 2 * point.shift * point.shift,
      scale: sum.scale / count, shift: sum.shift / count + penalty * point.shift,
      scaleScale: sum.scaleScale / count, scaleShift: sum.scaleShift / count,
      shiftShift: sum.shiftShift / count + penalty)
  }

  /// From α = 1 and β = 0 on, until the gradient is nothing, or the loss falls no more: examples
  /// that one α tells apart without an error would let it grow for ever, ever more slowly.
  private func minimum(over examples: [Example]) -> Point {
    var point = Point()
    var here = slope(at: point, over: examples)
    guard here.loss.isFinite else { return point }
    for _ in 0..<100 where max(abs(here.scale), abs(here.shift)) > 1e-9 {
      // A trace of damping, for examples that say nothing of one of the two.
      let (a, d) = (here.scaleScale + 1e-9, here.shiftShift + 1e-9)
      let determinant = a * d - here.scaleShift * here.scaleShift
      var step = (
        (d * here.scale - here.scaleShift * here.shift) / determinant,
        (a * here.shift - here.scaleShift * here.scale) / determinant
      )
      var next: (point: Point, slope: Slope)?
      for _ in 0..<40 {
        let trial = Point(scale: point.scale - step.0, shift: point.shift - step.1)
        let there = slope(at: trial, over: examples)
        if there.loss < here.loss {
          next = (trial, there)
          break
        }
        step = (step.0 / 2, step.1 / 2)
      }
      guard let next else { break }
      let isSettled = here.loss - next.slope.loss < 1e-13
      (point, here) = next
      if isSettled { break }
    }
    return point
  }
}

/// log Σ exp of some numbers; −∞ of none.
private func logSum(_ values: [Double]) -> Double {
  guard let largest = values.max(), largest.isFinite else { return -.infinity }
  return largest + hebb_log(values.reduce(0) { $0 + hebb_exp($1 - largest) })
}
