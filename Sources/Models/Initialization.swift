public import Tensors

/// How parameters are drawn before training.
public enum Initialization: String, Sendable, Hashable, Codable, CaseIterable {
  /// Weights and biases uniform in ±1/√fan-in: what PyTorch's `Linear` does by default.
  case pytorch
  /// Weights uniform in ±√(6/(fan-in + fan-out)), biases 0. Source: Glorot & Bengio 2010, eq. 16.
  case xavierUniform = "xavier-uniform"
  /// Weights normal with variance 2/fan-in, biases 0. Source: He et al. 2015, eq. 10.
  case heNormal = "he-normal"
}

extension MultilayerPerceptron {
  /// Freshly drawn parameters. Each layer has draws of its own, so changing one moves no other.
  ///
  /// - Parameters:
  ///   - rule: The distribution.
  ///   - seed: The experiment's seed.
  ///   - draw: Which of several independent initialisations.
  public func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int = 0) -> Vector {
    let vector = Vector(count: layout.count)
    for layer in 0..<layerCount {
      var random = RandomStream(seed: seed, purpose: .initialization, node: draw, step: layer)
      let (fanIn, fanOut) = (Double(widths[layer]), Double(widths[layer + 1]))
      let weights = layout.tensors[2 * layer].range
      let biases = layout.tensors[2 * layer + 1].range
      switch rule {
      case .pytorch:
        let bound = 1 / fanIn.squareRoot()
        for index in weights { vector[index] = Float(random.uniform(in: -bound...bound)) }
        for index in biases { vector[index] = Float(random.uniform(in: -bound...bound)) }
      case .xavierUniform:
        let bound = (6 / (fanIn + fanOut)).squareRoot()
        for index in weights { vector[index] = Float(random.uniform(in: -bound...bound)) }
      case .heNormal:
        let deviation = (2 / fanIn).squareRoot()
        for index in weights { vector[index] = Float(deviation * random.normal()) }
      }
    }
    return vector
  }
}
