import Settings

/// The answers of finished runs are learned beside the labels.
public struct Teaching: Sendable, Hashable {
  /// Folders of their results.
  public var runs: [String] = []
  /// T > 0 of softmax(z/T).
  public var temperature = 3.0
  /// α, 0…1: what answers count; labels count 1 − α.
  public var share = 0.9

  /// Of no run.
  public init() {}

  /// `teachers`, `temperature` and `alpha`.
  static let keys: [Key<Teaching>] = [
    .texts(
      "teachers", \.runs,
      "Folders of finished runs on the same data, whose answers are averaged; without any only "
        + "labels are learned."),
    .number(
      "temperature", \.temperature, .positive,
      "T of softmax(z/T), by which answers are softened before they are compared."),
    .number(
      "alpha", \.share, .fraction,
      "What the answers of finished runs count: (1 - alpha) labels + alpha T squared answers."),
  ]
}
