/// A version of the weights that servers keep until it has been looked at.
///
/// Every server keeps its own version of it, at a moment that is the same in every run of a
/// barrier-synchronised cluster: when a worker asks for an anchor, or after a number of steps.
public enum Snapshot: Sendable, Hashable, Codable {
  /// The weights as workers train on them now.
  case current
  /// Exactly the server's weights, while nobody trains.
  case atRest
  /// Not the weights but the penalty that holds them.
  case penalty
  /// When a worker had finished a stage of its sequence.
  case boundary(worker: Int, position: Int)
  /// Within a stage, after so many of the worker's steps: for a provisional importance.
  case provisional(worker: Int, step: Int)
  /// After so many whole steps of a phase.
  case sample(phase: Int, step: Int)

  /// Whether it is for a look alone.
  var isSample: Bool {
    if case .sample = self { true } else { false }
  }

  /// The number that stands for it in a message's clock: bit 63 set, 0 for ``current``.
  var number: UInt64 {
    switch self {
    case .current: 0
    case .atRest: Self.pack(4, 0, 0)
    case .penalty: Self.pack(5, 0, 0)
    case .boundary(let worker, let position): Self.pack(1, worker, position)
    case .provisional(let worker, let step): Self.pack(2, worker, step)
    case .sample(let phase, let step): Self.pack(3, phase, step)
    }
  }

  private static func pack(_ kind: UInt64, _ first: Int, _ second: Int) -> UInt64 {
    1 << 63 | kind << 60 | UInt64(first & 0xFFF_FFFF) << 32 | UInt64(second & 0xFFFF_FFFF)
  }

  /// The snapshot of a number; `nil` if it is none.
  init?(number: UInt64) {
    let (first, second) = (Int(number >> 32 & 0xFFF_FFFF), Int(number & 0xFFFF_FFFF))
    switch (number >> 63, number >> 60 & 7) {
    case (0, _) where number == 0: self = .current
    case (1, 1): self = .boundary(worker: first, position: second)
    case (1, 2): self = .provisional(worker: first, step: second)
    case (1, 4): self = .atRest
    case (1, 5): self = .penalty
    case (1, 3): self = .sample(phase: first, step: second)
    default: return nil
    }
  }
}
