import CKernels

extension RandomStream {
  /// A standard normal draw (Box–Muller, the cosine branch: two uniforms a draw).
  public mutating func normal() -> Double {
    let radius = (-2 * hebb_log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
    return radius * hebb_cos(2 * Double.pi * Double(next() >> 11) * 0x1p-53)
  }

  /// A standard exponential draw: mean 1.
  public mutating func exponential() -> Double { -hebb_log(1 - Double(next() >> 11) * 0x1p-53) }
}
