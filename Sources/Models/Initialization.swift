import Tensors

/// How the parameters of a network are drawn before training.
public enum Initialization: String, Sendable, CaseIterable, Codable {
  /// Weights and biases uniform in ±1/√inputs, as PyTorch's `Linear` and `Conv2d` do by default.
  case pytorch
  /// Weights uniform in ±√(6 / (inputs + outputs)), biases 0 (Glorot & Bengio 2010, eq. 16).
  case xavierUniform = "xavier-uniform"
  /// Weights normal with variance 2 / inputs, biases 0 (He et al. 2015, eq. 10).
  case heNormal = "he-normal"
  /// Weights normal with deviation 0.1, biases 0 (Sukhbaatar et al. 2015, §4.2).
  case normal

  /// Draws one layer's parameters into a vector of zeros.
  ///
  /// - Parameters:
  ///   - fanIn: Values that each output is computed from.
  ///   - fanOut: Outputs that each value goes into.
  func draw(
    _ vector: UnsafeMutablePointer<Float>, weights: Range<Int>, biases: Range<Int>,
    fanIn: Int, fanOut: Int, _ random: inout RandomStream
  ) {
    switch self {
    case .pytorch:
      let bound = 1 / Double(fanIn).squareRoot()
      for index in weights.lowerBound..<biases.upperBound {
        vector[index] = Float(random.uniform(in: -bound...bound))
      }
    case .xavierUniform:
      let bound = (6 / Double(fanIn + fanOut)).squareRoot()
      for index in weights { vector[index] = Float(random.uniform(in: -bound...bound)) }
    case .heNormal:
      let deviation = (2 / Double(fanIn)).squareRoot()
      for index in weights { vector[index] = Float(deviation * random.normal()) }
    case .normal:
      for index in weights { vector[index] = Float(0.1 * random.normal()) }
    }
  }
}
