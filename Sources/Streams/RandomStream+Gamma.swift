import CKernels
import Tensors

extension RandomStream {
  /// The logarithm of a draw from the gamma law of scale 1; finite for any shape.
  ///
  /// A shape below 1 is reached from shape + 1 by a factor U^(1/shape), here a sum of logarithms,
  /// since the factor itself is 0 for most draws of a small shape.
  ///
  /// - Parameter shape: Above 0; below 10⁻²⁹⁰ taken as that.
  /// - Source: Marsaglia & Tsang 2000, "A simple method for generating gamma variables".
  mutating func logGamma(shape: Double) -> Double {
    guard shape < 1 else { return logGammaAboveOne(shape: shape) }
    let base = logGammaAboveOne(shape: shape + 1)
    return base + logUniform() / max(shape, 1e-290)
  }

  private mutating func logGammaAboveOne(shape: Double) -> Double {
    let d = shape - 1 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if logUniform() < 0.5 * x * x + d * (1 - v + hebb_log(v)) { return hebb_log(d) + hebb_log(v) }
    }
  }

  /// The logarithm of a uniform draw from above 0 up to 1; minus an exponential draw of mean 1.
  mutating func logUniform() -> Double { hebb_log(1 - uniform(in: 0...1)) }
}
