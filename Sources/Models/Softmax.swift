import CKernels

/// Softmax over a part of a row of logits.
enum Softmax {
  /// Replaces the logits of `active` by probabilities and all others by 0.
  ///
  /// - Parameters:
  ///   - row: `count` logits.
  ///   - active: The units that compete, not empty, within `0..<count`.
  /// - Returns: log Σ exp(logit) over the active units.
  static func normalize(
    _ row: UnsafeMutablePointer<Float>, count: Int, active: Range<Int>
  ) -> Double {
    var largest = row[active.lowerBound]
    for unit in active where row[unit] > largest { largest = row[unit] }
    var total: Float = 0
    for unit in active {
      row[unit] = hebb_expf(row[unit] - largest)
      total += row[unit]
    }
    let factor = 1 / total
    for unit in active { row[unit] *= factor }
    for unit in 0..<active.lowerBound { row[unit] = 0 }
    for unit in active.upperBound..<count { row[unit] = 0 }
    return Double(largest) + hebb_log(Double(total))
  }

  /// Turns probabilities p into the derivative of −log p(label) by the logits: p − [unit = label].
  static func subtractLabel(
    _ label: Int, from row: UnsafeMutablePointer<Float>, active: Range<Int>
  ) {
    // Not p − 1, which loses all digits when the network is sure.
    var others: Float = 0
    for unit in active where unit != label { others += row[unit] }
    row[label] = -others
  }

  /// Writes rows r whose sum Σ r rᵀ is the covariance diag(p) − p pᵀ of a label drawn from p.
  ///
  /// The rows are the Cholesky factor's columns, in closed form (Tanabe & Sagae 1992, J. R. Stat.
  /// Soc. B 54): one fewer than there are classes, where the expectation over labels
  /// Σ_c p_c (e_c − p)(e_c − p)ᵀ has one per class. All its terms are products of probabilities
  /// and of sums of them, so nothing cancels. Rows of zeros are left out.
  ///
  /// - Parameters:
  ///   - probabilities: `count` values, 0 outside of `active`.
  ///   - rows: Room for `active.count − 1` rows of `count` values.
  /// - Returns: Number of rows written.
  static func factorCovariance(
    of probabilities: UnsafePointer<Float>, count: Int, active: Range<Int>,
    into rows: UnsafeMutablePointer<Float>
  ) -> Int {
    var written = 0
    // From the last class upwards, so that sums of probabilities grow and nothing is subtracted.
    var after = 0.0
    for pivot in active.dropLast().reversed() {
      let p = Double(probabilities[pivot])
      after += Double(probabilities[pivot + 1])
      // Written so that a NaN is passed on.
      if p == 0 || after == 0 { continue }
      let row = rows + written * count
      for unit in 0..<pivot { row[unit] = 0 }
      row[pivot] = Float((p * after / (p + after)).squareRoot())
      let factor = (p / ((p + after) * after)).squareRoot()
      for unit in pivot + 1..<active.upperBound {
        row[unit] = Float(-Double(probabilities[unit]) * factor)
      }
      for unit in active.upperBound..<count { row[unit] = 0 }
      written += 1
    }
    return written
  }
}
