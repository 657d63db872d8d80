public import Settings

/// Deep generative replay: a generator learns beside the network what examples are like. While a
/// task is learned, the generator as it was when the task began makes examples of those before, the
/// network as it was then labels them, and both learn from these too. No example is kept.
///
/// - Source: Shin et al. 2017, "Continual learning with deep generative replay", §3, whose
///   generator is a Wasserstein GAN; with a variational autoencoder as in van de Ven et al. 2022.
public struct GenerativeReplay: Method {
  public static let name = "generative-replay"
  public static let keys: [Key<GenerativeReplay>] = Generation.keys.map { $0.of(\.generated) }

  /// The generator, and how much what it makes counts.
  public var generated = Generation()

  /// With hard labels, and an equal share for each task.
  public init() {}

  /// None if it would not count.
  public var generation: Generation? { generated.share == 1 ? nil : generated }

  /// As words.
  public var title: String { "Generative replay" }
}
