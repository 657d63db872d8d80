/// Which diagonal Fisher information: the field uses one word for several quantities.
///
/// - Source: van de Ven 2025, "On the computation of the Fisher information in continual learning".
public enum FisherEstimator: Sendable, Hashable {
  /// Σ_c p_c (∂ log p_c)² per example: the expectation over all labels.
  case exact
  /// (∂ log p_c)² per example with one label c drawn from p.
  case sampled
  /// (∂ log p_y)² per example with the true label y.
  case empirical
  /// (∂ log p_c)² per example with the most probable label c.
  case predicted
  /// The square of the mean gradient over groups of examples. It is about 1/size of the empirical one
  /// and exists only to reproduce others' numbers.
  case batched(size: Int)
}
