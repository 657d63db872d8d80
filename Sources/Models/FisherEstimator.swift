/// Which estimate of the diagonal Fisher information: the word alone names several quantities.
///
/// The first four are sums over examples of squares of one example's derivative, so that the size
/// of the batches they are computed in does not matter.
public enum FisherEstimator: Sendable, Hashable {
  /// Expectation over the labels: Σ_c p_c (∂ log p_c)², the sum over the active units.
  case exact
  /// (∂ log p_c)² of one label c drawn from the network's own distribution p.
  case sampled
  /// (∂ log p_c)² of the true label c. Not an estimate of the Fisher information unless the network
  /// predicts the true distribution (Kunstner et al. 2019).
  case empirical
  /// (∂ log p_c)² of the label c that the network finds most probable.
  case predicted
  /// Square of the mean derivative over groups of `size` consecutive examples, true labels: about
  /// 1/`size` of `empirical`. Exists only to reproduce numbers of others.
  case batched(size: Int)
}
