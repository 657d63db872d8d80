/// What servers do with the vectors that workers push for a step.
public enum UpdateRule: Sendable, Hashable {
  /// They are mean gradients: the optimiser goes against their mean over all examples.
  case descent
  /// They are sums over examples: θ ← θ + Σ over workers, in worker order, with neither a mean nor
  /// a rate. Of whole numbers below 2²⁴ such a sum is exact, whatever the order.
  case sum
}
