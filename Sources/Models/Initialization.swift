public import Tensors

/// How the parameters of a network are drawn before training.
public enum Initialization: String, Sendable, CaseIterable, Codable {
  /// Weights and biases uniform in ±1/√inputs, as PyTorch's `Linear` does by default.
  case pytorch
  /// Weights uniform in ±√(6 / (inputs + outputs)), biases 0 (Glorot & Bengio 2010, eq. 16).
  case xavierUniform = "xavier-uniform"
  /// Weights normal with variance 2 / inputs, biases 0 (He et al. 2015, eq. 10).
  case heNormal = "he-normal"
}

extension MultilayerPerceptron {
  /// Draws the parameters. Equal arguments give equal parameters on every machine; a layer's draws
  /// do not depend on the other layers.
  ///
  /// - Parameters:
  ///   - seed: The experiment's seed.
  ///   - draw: Tells several networks of one experiment apart, ≥ 0.
  public func initialWeights(
    _ rule: Initialization, seed: UInt64, draw: Int = 0
  ) -> Vector {
    let weights = Vector(count: layout.count)
    for (index, layer) in layers.enumerated() {
      var random = RandomStream(
        seed: seed, purpose: .initialization, node: draw, step: index)
      let weightRange = layer.weightOffset..<layer.biasOffset
      let biasRange = layer.biasOffset..<layer.biasOffset + layer.outputs
      switch rule {
      case .pytorch:
        let bound = 1 / Double(layer.inputs).squareRoot()
        for place in weightRange.lowerBound..<biasRange.upperBound {
          weights.base[place] = Float(random.uniform(in: -bound...bound))
        }
      case .xavierUniform:
        let bound = (6 / Double(layer.inputs + layer.outputs)).squareRoot()
        for place in weightRange {
          weights.base[place] = Float(random.uniform(in: -bound...bound))
        }
      case .heNormal:
        let deviation = (2 / Double(layer.inputs)).squareRoot()
        for place in weightRange { weights.base[place] = Float(deviation * random.normal()) }
      }
    }
    return weights
  }
}
