extension Experiment.Cluster {
  /// How much slower workers are.
  public enum Factors: Sendable, Hashable {
    /// One for each worker; empty: 1 for all.
    case listed([Double])
    /// By rank; 1 for those that are not named.
    case named([Int: Double])

    /// The factor of a worker; 1 where none is given.
    public subscript(rank: Int) -> Double {
      switch self {
      case .listed(let factors): factors.indices.contains(rank) ? factors[rank] : 1
      case .named(let factors): factors[rank] ?? 1
      }
    }
  }
}
