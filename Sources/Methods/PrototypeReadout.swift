public import Models
public import Settings
public import Streams

/// Tasks one after another, and the answer is the class whose kept examples have the nearest mean:
/// what a readout does by itself.
///
/// - Source: Mensink et al. 2013, "Distance-based image classification".
public struct PrototypeReadout: Method {
  public static let name = "nearest-mean"
  public static let keys: [Key<PrototypeReadout>] = [
    .integer(
      "prototypes", \.prototypes, Domain.counts,
      "Examples of each class that stay, over all workers together, for the mean of the class.")
  ]

  /// Examples of each class that stay, ≥ 1, over all nodes.
  public var prototypes = 100

  /// A hundred of each class.
  public init() {}

  /// Equally many of each class.
  public var memory: MemoryRule? { MemoryRule(.ofEachGroup(prototypes), per: .class) }
  /// The nearest mean.
  public var readout: (any Readout)? { NearestMean() }
  /// As two words.
  public var title: String { "Nearest mean" }
}
