/// The vector closest to the gradient that has no negative product with one reference:
/// g − (g·r / r·r) r if g·r < 0, else the gradient as it is.
///
/// - Source: Chaudhry et al. 2019, "Efficient lifelong learning with A-GEM", eq. 11.
public struct HalfSpaceProjection: GradientTransform, Hashable {
  /// It has no settings.
  public init() {}

  /// The projection on the half-space of the one reference, or the gradient as it is.
  public func coefficients(of gram: GramMatrix) throws(TransformError) -> [Double]? {
    guard gram.count == 2 else { return nil }
    let (product, square) = (gram[0, 1], gram[1, 1])
    guard product.isFinite, square.isFinite else { throw .notFinite }
    guard product < 0 else { return nil }
    return [1, -product / square]
  }
}
