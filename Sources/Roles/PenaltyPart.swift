/// What workers are told of the penalty besides the weights.
public enum PenaltyPart: Sendable, Hashable {
  /// U, as the importance codec has it.
  case curvature
  /// θ̄ = V/U.
  case centre
  /// Mask of which a push says nothing, because the penalty holds them.
  case frozen

  var kind: Message.Kind {
    switch self {
    case .curvature: .curvature
    case .centre: .centre
    case .frozen: .frozen
    }
  }
}
