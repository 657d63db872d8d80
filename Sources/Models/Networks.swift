public import Settings

/// The list of networks.
public enum Networks {
  /// A line for each, in the order in which messages list them.
  public static let all: [any NetworkKind.Type] = [
    Perceptron.self,
    Convolutions.self,
    MemoryNetworkKind.self,
  ]

  /// What `model.kind` chooses from.
  public static let catalog = Catalog<Chosen<any NetworkKind>>(all)
}
