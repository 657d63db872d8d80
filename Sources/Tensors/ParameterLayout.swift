/// Names the tensors inside a model's one flat parameter vector.
public struct ParameterLayout: Sendable, Hashable, Codable {
  /// One named tensor: `layer1.weight`, shape `[out, in]`, row-major.
  public struct Tensor: Sendable, Hashable, Codable {
    public let name: String
    public let shape: [Int]
    /// Where its first element lies in the flat vector.
    public let offset: Int

    /// Number of elements: the product of the shape.
    public var count: Int { shape.reduce(1, *) }
    /// Its elements in the flat vector.
    public var range: Range<Int> { offset..<offset + count }
  }

  /// In the order of their offsets.
  public let tensors: [Tensor]

  /// Lays tensors out one after another in the given order.
  public init(_ tensors: [(name: String, shape: [Int])]) {
    var offset = 0
    self.tensors = tensors.map { entry in
      let tensor = Tensor(name: entry.name, shape: entry.shape, offset: offset)
      offset += tensor.count
      return tensor
    }
  }

  /// Number of parameters P.
  public var count: Int { tensors.last?.range.upperBound ?? 0 }
}
