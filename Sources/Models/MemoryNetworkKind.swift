public import Settings
public import Tensors

/// A ``MemoryNetwork`` by its width and hops, and how its training begins.
public struct MemoryNetworkKind: NetworkKind {
  public static let name = "memory-network"
  public static let keys: [Key<MemoryNetworkKind>] = [
    .integer("width", \.width, 1...10_000, "Elements of a word's vector."),
    .integer("hops", \.hops, 1...100, "Times that it asks its memories."),
    .number(
      "linear-start", \.linearStart, .belowOne,
      "Share of each task's steps in which hops are without softmax, so that training does not get "
        + "stuck early. Measured is always with it."),
  ]

  /// Elements of a word's vector, ≥ 1.
  public var width = 50
  /// Times that it asks, ≥ 1.
  public var hops = 3
  /// In 0..<1.
  public var linearStart = 0.0

  /// Three hops of fifty elements.
  public init() {}

  /// It reads.
  public var readsText: Bool { true }

  /// The network for questions; for anything else one whose words are its answers, so that there is
  /// one.
  public func network(for example: ImageShape, outputs: Int) -> any Network {
    network(for: example, outputs: outputs, isLinear: false)
  }

  /// The network without softmax in its hops, if a stage is to begin with it.
  public func opening(for example: ImageShape, outputs: Int) -> Opening? {
    guard linearStart > 0 else { return nil }
    return Opening(
      network: network(for: example, outputs: outputs, isLinear: true), share: linearStart)
  }

  private func network(for example: ImageShape, outputs: Int, isLinear: Bool) -> MemoryNetwork {
    let text =
      example.text
      ?? TextShape(
        sentences: max(1, example.height - 1), words: max(1, example.width - 1),
        vocabulary: outputs)
    return MemoryNetwork(
      text: text.answers.count == outputs ? text : text.with(answers: Array(1...outputs)),
      width: width, hops: hops, isLinear: isLinear)
  }
}
