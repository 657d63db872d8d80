public import Models
public import Settings

/// Which Fisher information workers estimate, as far as that is the user's choice.
public struct FisherEstimate: Sendable, Hashable {
  /// ``FisherInformation`` in words.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case exact, sampled, empirical, predicted, batched
  }

  /// Which estimate.
  public var kind: Kind
  /// Examples whose mean gradient `batched` squares, 1…128; counts there only.
  public var batch: Int

  /// - Parameters:
  ///   - kind: Which of them.
  ///   - batch: Examples whose mean gradient `batched` squares, 1…128.
  public init(_ kind: Kind = .exact, batch: Int = 128) {
    self.kind = kind
    self.batch = batch
  }

  /// The estimator.
  public var information: FisherInformation {
    switch kind {
    case .exact: .exact
    case .sampled: .sampled
    case .empirical: .empirical
    case .predicted: .predicted
    case .batched: .batched(size: batch)
    }
  }

  /// `fisher` and `fisher-batch`.
  public static let keys: [Key<FisherEstimate>] = [
    .choice("fisher", \.kind, "Which Fisher information."),
    .integer(
      "fisher-batch", \.batch, 1...128,
      "fisher batched: examples whose mean gradient is squared."),
  ]
}
