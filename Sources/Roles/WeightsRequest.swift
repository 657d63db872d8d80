/// What a worker asks the servers for, and what they answer.
public enum WeightsRequest: Sendable, Hashable, Codable {
  /// The weights as workers train on them now; the answer may have to wait.
  case current
  /// Exactly the servers' weights, while nobody trains.
  case atRest
  /// Weights that are kept, or are to be kept from now on.
  case kept(Snapshot)
  /// The weights that the worker held at the cut from which it goes on.
  case held
  /// Not weights but the penalty that holds them.
  case penalty

  /// Whether it is for a look alone, which changes nothing.
  var isSample: Bool {
    if case .kept(.sample) = self { true } else { false }
  }
}

/// A version of the weights that servers keep until it has been looked at.
///
/// Every server keeps its own version of it, at a moment that is the same in every run of a
/// barrier-synchronised cluster: when a worker asks for an anchor, or after a number of steps.
public enum Snapshot: Sendable, Hashable, Codable {
  /// When a worker had finished a stage of its sequence.
  case boundary(worker: Int, position: Int)
  /// Within a stage, after so many of the worker's steps: for a provisional importance.
  case provisional(worker: Int, step: Int)
  /// After so many whole steps of a phase.
  case sample(phase: Int, step: Int)
}
