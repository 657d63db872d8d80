/// The grid on which a step's vectors are measured, so that all servers measure alike.
///
/// Floating-point sums depend on where a vector is cut, and with it on the number of servers. On a
/// grid every product and every sum is a whole number: exact, whatever is added first, with
/// whatever kernel. Each vector has a grid of its own, whose step is a power of two; 20 bits lie
/// between the step and the vector's largest element, fewer above four million elements, so that
/// no sum leaves its 64 bits.
public struct GramRuler: Sendable, Hashable {
  /// Bits of a largest element on its grid.
  private let bits: Int
  /// By vector: the least power of two, as its exponent, that is not below any element; `nil` for
  /// a vector of zeros.
  private let exponents: [Int?]

  /// - Parameters:
  ///   - magnitudes: By vector, the largest |x| over all servers; finite, ≥ 0.
  ///   - elementCount: Elements of the whole vector, over all servers.
  public init(magnitudes: [Float], elementCount: Int) {
    let room = 61 - (Int.bitWidth - max(1, elementCount).leadingZeroBitCount)
    bits = min(20, room / 2)
    exponents = magnitudes.map { magnitude in
      guard magnitude > 0 else { return nil }
      let exponent = Int(magnitude.exponent)
      return magnitude.significand > 1 ? exponent + 1 : exponent
    }
  }

  /// Products of elements that add up to less than 2⁵³.
  static let exactCount = 4_096

  /// How many vectors there are.
  public var count: Int { exponents.count }

  /// Steps of its grid in a unit of a vector's elements; 0 for a vector of zeros.
  func scale(of vector: Int) -> Double { exponents[vector].map { power(bits - $0) } ?? 0 }

  /// x · y for two vectors from the whole number that it is on their grids.
  func product(_ sum: Int, _ left: Int, _ right: Int) -> Double {
    guard let first = exponents[left], let second = exponents[right] else { return 0 }
    return Double(sum) * power(first - bits) * power(second - bits)
  }

  private func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
