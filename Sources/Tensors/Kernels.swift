import CKernels

/// Reductions and checks over long runs of floats. Floating-point sums do not vectorise by
/// themselves; these use two accumulators of sixteen lanes, whose order is fixed, so a result
/// depends on the values and their count only.
public enum Kernels {
  /// Σ xᵢ yᵢ over `count` elements.
  public static func dot(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
  ) -> Float {
    var first = SIMD16<Float>.zero
    var second = SIMD16<Float>.zero
    var index = 0
    while index + 32 <= count {
      first += load16(x + index) * load16(y + index)
      second += load16(x + index + 16) * load16(y + index + 16)
      index += 32
    }
    var sum = (first + second).sum()
    while index < count {
      sum += x[index] * y[index]
      index += 1
    }
    return sum
  }

  /// Σ xᵢ² in double precision: for norms that end up in a report.
  public static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    var index = 0
    while index + 8 <= count {
      let value = SIMD8<Double>(load8(x + index))
      lanes += value * value
      index += 8
    }
    var sum = lanes.sum()
    while index < count {
      sum += Double(x[index]) * Double(x[index])
      index += 1
    }
    return sum
  }

  /// Σ xᵢ in double precision.
  public static func sum(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    var index = 0
    while index + 8 <= count {
      lanes += SIMD8<Double>(load8(x + index))
      index += 8
    }
    var sum = lanes.sum()
    while index < count {
      sum += Double(x[index])
      index += 1
    }
    return sum
  }

  /// Whether every element is finite: no NaN, no infinity.
  public static func allFinite(_ x: UnsafePointer<Float>, count: Int) -> Bool {
    // Infinities and what is not a number have the largest exponent there is.
    hebb_peak_bits(x, count) < Float.infinity.bitPattern
  }

  /// max |xᵢ|; 0 for no elements. All must be finite.
  public static func largest(_ x: UnsafePointer<Float>, count: Int) -> Float {
    Float(bitPattern: hebb_peak_bits(x, count))
  }

  /// yᵢ ← xᵢ · scale rounded to the nearest whole number, ties to even.
  ///
  /// - Parameter scale: A power of two, or 0; no |xᵢ| · scale is above 2⁵⁰.
  public static func round(
    _ x: UnsafePointer<Float>, scale: Double, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    hebb_on_grid(x, count, scale, y)
  }

  /// C ← C + A · Aᵀ, of which the upper triangle is written: the products of whole numbers, which
  /// are exact as long as none leaves 2⁵³, and so have the same bits on every processor.
  ///
  /// - Parameters:
  ///   - a: Rows of `count` elements, `stride` apart.
  ///   - rows: Of `a`, ≥ 1.
  ///   - c: rows × rows, row by row.
  public static func addGram(
    _ a: UnsafePointer<Double>, rows: Int, count: Int, stride: Int,
    to c: UnsafeMutablePointer<Double>
  ) {
    hebb_add_gram(a, rows, count, stride, c)
  }

  /// y ← y + x.
  public static func add(
    _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count { y[index] += x[index] }
  }

  /// y ← y + factor · x.
  public static func addScaled(
    _ x: UnsafePointer<Float>, by factor: Float, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count { y[index] += factor * x[index] }
  }

  /// x ← factor · x.
  public static func scale(_ x: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    for index in 0..<count { x[index] *= factor }
  }

  // Frames may start on any multiple of four bytes, so wide loads must not assume more.
  @inline(__always)
  static func load16(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
  }

  @inline(__always)
  static func load8(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  }
}
