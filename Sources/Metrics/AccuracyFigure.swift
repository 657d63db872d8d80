/// The figures that follow from one matrix, with the names and formulas they are reported under.
/// Where the field has two definitions of a word there are two figures.
public enum AccuracyFigure: String, Sendable, CaseIterable, Codable {
  case averageAccuracy = "accuracy"
  case learningAccuracy = "learning_accuracy"
  case backwardTransfer = "backward_transfer"
  case backwardTransferOverT = "backward_transfer_over_t"
  case forwardTransfer = "forward_transfer"
  case forwardTransferOverT = "forward_transfer_over_t"
  case forgetting = "forgetting"
  case forgettingFromAnyEarlierRow = "forgetting_from_any_earlier_row"

  /// The formula, R[i, j] being the accuracy on task j after task i of T.
  public var definition: String {
    switch self {
    case .averageAccuracy: "1/T · Σ_i R[T, i]"
    case .learningAccuracy: "1/T · Σ_i R[i, i]"
    case .backwardTransfer: "1/(T−1) · Σ_{i<T} (R[T, i] − R[i, i])"
    case .backwardTransferOverT: "1/T · Σ_{i<T} (R[T, i] − R[i, i])"
    case .forwardTransfer: "1/(T−1) · Σ_{i>1} (R[i−1, i] − R[0, i])"
    case .forwardTransferOverT: "1/T · Σ_{i>1} (R[i−1, i] − R[0, i])"
    case .forgetting: "1/(T−1) · Σ_{i<T} (max_{i≤l<T} R[l, i] − R[T, i])"
    case .forgettingFromAnyEarlierRow: "1/(T−1) · Σ_{i<T} (max_{1≤l<T} R[l, i] − R[T, i])"
    }
  }
}

extension AccuracyMatrix {
  /// A figure by its name; `nil` when a cell it needs was not evaluated.
  public subscript(figure: AccuracyFigure) -> Double? {
    switch figure {
    case .averageAccuracy: averageAccuracy
    case .learningAccuracy: learningAccuracy
    case .backwardTransfer: backwardTransfer
    case .backwardTransferOverT: backwardTransferOverT
    case .forwardTransfer: forwardTransfer
    case .forwardTransferOverT: forwardTransferOverT
    case .forgetting: forgetting
    case .forgettingFromAnyEarlierRow: forgettingFromAnyEarlierRow
    }
  }
}
