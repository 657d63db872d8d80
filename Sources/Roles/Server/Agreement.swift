import Consolidation

/// What becomes of a step that has references, before it is applied: the scalars on which its
/// direction depends, over all shards. First how large its vectors are, then their dot products.
struct Agreement: Sendable {
  private let vectors: StepVectors
  private let transform: StepTransform
  private let parameterCount: Int
  private var ruler: GramRuler?
  /// This shard's part of what is to be known next.
  private(set) var own: ShardScalars

  /// What is known once all is.
  struct Outcome: Sendable {
    let vectors: StepVectors
    /// Of the direction; `nil` where the gradient stays as it is.
    let coefficients: [Double]?
    /// Degrees between the gradient and the direction; `nil` likewise.
    let angle: Double?
  }

  /// - Parameter parameterCount: Of the whole vector, over all servers.
  init(on vectors: StepVectors, _ transform: StepTransform, parameterCount: Int) {
    self.vectors = vectors
    self.transform = transform
    self.parameterCount = parameterCount
    own = .magnitudes(vectors.magnitudes.map(Double.init))
  }

  /// Whether there is nobody to agree with: what this shard says is what all say.
  var isAlone: Bool { transform.serverCount == 1 }

  /// Whether something can be what all shards say: of the kind and length of what this one said.
  func fits(_ all: ShardScalars) -> Bool { own.joined(by: all) != nil }

  /// Enters what was to be known, over all shards.
  ///
  /// - Returns: The outcome; `nil` while there is more to be known.
  mutating func enter(_ all: ShardScalars) throws(TransformError) -> Outcome? {
    switch all {
    case .magnitudes(let magnitudes):
      let ruler = GramRuler(
        magnitudes: magnitudes.map { Float($0) }, elementCount: parameterCount)
      self.ruler = ruler
      own = .sums(vectors.gramSums(by: ruler))
      return nil
    case .sums(let sums):
      guard let ruler else { return nil }
      let gram = GramMatrix(sums: sums, by: ruler)
      let coefficients = try transform.rule.coefficients(of: gram)
      return Outcome(
        vectors: vectors, coefficients: coefficients, angle: coefficients.map(gram.angle))
    }
  }
}
