/// How the scores of a network become answers when it is measured, where that is another way than
/// to take the highest score.
///
/// It is fitted at every boundary: each worker makes a ``statement(of:keys:newest:by:at:using:)``
/// of examples that it keeps, the statements of all are joined by key, ``fit(to:)`` makes numbers
/// of them, and whoever measures the network takes these along. Everything is a pure function, so
/// that equal weights and examples give equal answers, whoever has the examples.
public protocol Readout: Sendable, Hashable {
  /// What is to be known of some examples.
  ///
  /// - Parameters:
  ///   - batch: The examples, at most as many as `workspace` has room for; their active units are
  ///     all that were learned so far.
  ///   - keys: By example: a key that no other example has.
  ///   - newest: The output units that the stage just finished has brought; may be empty.
  ///   - weights: `network.layout.count` parameters.
  /// - Returns: In any order.
  func statement(
    of batch: Batch, keys: [UInt64], newest: Range<Int>, by network: any Network,
    at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [StatementRecord]

  /// Makes numbers of what all workers have said. Whatever it is given, it does not fail: records
  /// that no statement has are left out.
  ///
  /// - Parameter records: By key, ascending.
  /// - Returns: What ``answers(to:of:at:fit:using:)`` reads; nothing if there is nothing to fit.
  func fit(to records: [StatementRecord]) -> [Float]

  /// What is answered.
  ///
  /// - Parameters:
  ///   - weights: `network.layout.count` parameters.
  ///   - fit: Of the last boundary. One that is no fit of this readout counts as nothing, and then
  ///     the highest score is the answer.
  func answers(
    to batch: Batch, of network: any Network, at weights: UnsafePointer<Float>, fit: [Float],
    using workspace: Workspace
  ) -> Answers

  /// What a fit makes of the scores; `nil` if it leaves them as they are, and if left out. A
  /// network that is held to its earlier answers is held to those that it makes of them.
  func correction(_ fit: [Float]) -> LogitCorrection?
}

extension Readout {
  /// Scores stay as they are.
  public func correction(_ fit: [Float]) -> LogitCorrection? { nil }
}

/// What a network answers to some examples.
public struct Answers: Sendable, Hashable {
  /// By example: whether it is answered right.
  public var isRight: [Bool]
  /// How many are answered by one of the units that a ``LogitCorrection`` is for, by the scores as
  /// they were before; 0 without one.
  public var takenBefore = 0
  /// How many are answered by one of those units by the corrected scores.
  public var takenAfter = 0

  /// - Parameter isRight: By example: whether it is answered right.
  public init(isRight: [Bool] = []) { self.isRight = isRight }
}

/// Some units' logits o become αo + β.
public struct LogitCorrection: Sendable, Hashable {
  /// The units.
  public let units: Range<Int>
  /// α.
  public let scale: Float
  /// β.
  public let shift: Float

  /// - Parameters:
  ///   - units: Whose logits change.
  ///   - scale: α.
  ///   - shift: β.
  public init(units: Range<Int>, scale: Float, shift: Float) {
    self.units = units
    self.scale = scale
    self.shift = shift
  }

  /// Corrects rows of logits.
  ///
  /// - Parameters:
  ///   - logits: `rows` × the units of a pass.
  ///   - present: The units of the pass.
  func apply(to logits: UnsafeMutablePointer<Float>, rows: Int, of present: Range<Int>) {
    let touched = units.clamped(to: present)
    for row in 0..<rows {
      let first = logits + row * present.count - present.lowerBound
      for unit in touched { first[unit] = scale * first[unit] + shift }
    }
  }

  /// How many of the examples of a pass have their highest score among the units. Of equal scores
  /// the first unit's counts as the highest.
  func takenCount(_ logits: UnsafePointer<Float>, of pass: Pass) -> Int {
    pass.examples.enumerated().count { index, example in
      let row = logits + index * pass.units.count
      let highest = pass.active(of: example).max { row[$0] < row[$1] }
      return highest.map { units.contains($0 + pass.units.lowerBound) } ?? false
    }
  }
}
