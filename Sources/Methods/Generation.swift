public import Models
import Settings

/// What comes back of finished tasks is made by a generator, which is trained beside the network:
/// its parameters lie behind the network's in the one vector of all parameters.
public struct Generation: Sendable, Hashable {
  /// How the network that a stage began with labels what is made.
  public enum Labels: String, Sendable, Hashable, CaseIterable {
    /// By its likeliest answer.
    case hard
    /// By its answers, softened.
    case soft
  }

  /// Widths of the generator's hidden layers, each ≥ 1.
  public var hidden = [400, 400]
  /// Latent values that an example is made from, ≥ 1.
  public var latents = 100
  public var labels = Labels.hard
  /// T > 0 of softmax(z/T) of soft labels.
  public var temperature = 2.0
  /// What new examples are of both losses, 0…1; `nil` for 1/k at the k-th stage.
  public var share: Double?

  /// The generator of van de Ven et al. 2022 for MNIST.
  public init() {}

  /// `generator-hidden`, `latents`, `generated-labels`, `generated-temperature` and `new-share`.
  static let keys: [Key<Generation>] = [
    .integers(
      "generator-hidden", \.hidden, 1...100_000,
      "Widths of the generator's hidden layers (ReLU): of the encoder; the decoder's are the "
        + "reverse."),
    .integer(
      "latents", \.latents, 1...100_000, "Values that an example is encoded as and made from."),
    .choice(
      "generated-labels", \.labels,
      "The network as it was when the task began labels what is made by its likeliest answer, or "
        + "by all of them."),
    .number(
      "generated-temperature", \.temperature, .positive,
      "soft: T of softmax(z/T), by which answers are softened before they are compared; what they "
        + "count is multiplied by T squared."),
    .limit(
      "new-share", \.share, orWord: "stages", .fraction,
      "What new examples are of both losses; stages: 1/k while the k-th task is learned."),
  ]

  /// The generator for examples of so many values.
  public func generator(inputs: Int) -> any Generator {
    VariationalAutoencoder(inputs: inputs, hidden: hidden, latents: latents)
  }

  /// What new examples count where some stages are under way and others are finished.
  ///
  /// - Parameters:
  ///   - current: Stages under way, ≥ 1.
  ///   - finished: Stages that are finished and not under way again, ≥ 0.
  public func newShare(current: Int, finished: Int) -> Double {
    finished == 0 ? 1 : share ?? Double(current) / Double(current + finished)
  }
}
