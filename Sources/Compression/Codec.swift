/// How a block of floats (a gradient's shard, weights, importances) becomes bytes.
///
/// A codec is a pure value: what it writes depends on the input, the two random streams and the
/// shape alone, and has the same bits on every machine. What a codec leaves out is the business
/// of ``ErrorFeedback``. A block has at most 2³¹ − 1 values.
public enum Codec: Sendable, Hashable {
  /// fp32 as it is.
  case none
  /// IEEE half precision, rounded to nearest even. A magnitude of 65520 or more is an error.
  case fp16
  /// The upper half of fp32, rounded to nearest even: 8 bits of precision, fp32's range.
  case bf16
  /// 255 equal steps from −s to s, rounded up or down by chance; s is the largest magnitude of
  /// each bucket of values. Source: Alistarh et al. 2017 (QSGD), with the maximum norm, §3.3.
  case int8(bucket: Int = 512)
  /// As ``int8(bucket:)`` with 15 steps, two values a byte.
  case int4(bucket: Int = 512)
  /// Each value as −s, 0 or s by chance, s the largest magnitude of its bucket; five values a byte.
  /// Source: Wen et al. 2017 (TernGrad), §3.
  ///
  /// Unbiased as it is; under error feedback its residual settles at several times the gradient's
  /// norm, the more the larger the bucket.
  case ternary(bucket: Int = 512)
  /// The sign of each value (zero counts as positive) times the mean magnitude of all. Needs
  /// error feedback. Source: Karimireddy et al. 2019 (EF-signSGD), §4.
  case sign
  /// The max(1, round(density · n)) largest magnitudes, exactly so many; of equals the first.
  case topK(density: Double, values: ValueFormat = .fp32)
  /// Equally many values at places that both sides draw from the shared seed and nobody sends.
  /// With `isUnbiased` they are decoded times n/k, which is not for error feedback: what is left
  /// out would grow. Source: Stich et al. 2018, definition 2.2.
  case randomK(density: Double, values: ValueFormat = .fp32, isUnbiased: Bool = false)
  /// All values whose magnitude is at least this. Source: Strom 2015.
  case threshold(Double, values: ValueFormat = .fp32)
  /// The block as a matrix M ≈ PQᵀ of the given rank by one power iteration; sends P and Q.
  /// Source: Vogels et al. 2019 (PowerSGD), algorithm 1, at one sender.
  case powerSGD(rank: Int)
  /// One byte on a logarithmic scale for values that are not negative: importances.
  ///
  /// Zero stays zero. Over a range of R octaves (at most 40) between the smallest and the largest
  /// positive value, the relative error is at most 2^(R/508) − 1: 1.4 % for 10 octaves, 5.6 % for
  /// 40. A value below max · 2⁻⁴⁰ becomes 0 or max · 2⁻⁴⁰, whichever is nearer.
  case log8

  /// Whether the expectation of what is decoded, over the random draws, is the input, to the
  /// rounding of fp32.
  public var isUnbiased: Bool {
    switch self {
    case .none, .int8, .int4, .ternary: true
    case .randomK(_, let values, let isUnbiased): isUnbiased && (values == .fp32 || values == .int8)
    case .fp16, .bf16, .sign, .topK, .threshold, .powerSGD, .log8: false
    }
  }

  /// Whether only some of the values are sent.
  public var isSparse: Bool {
    switch self {
    case .topK, .randomK, .threshold: true
    case .none, .fp16, .bf16, .int8, .int4, .ternary, .sign, .powerSGD, .log8: false
    }
  }

  /// The name in experiment files and reports: `top-k`.
  public var name: String {
    switch self {
    case .none: "none"
    case .fp16: "fp16"
    case .bf16: "bf16"
    case .int8: "int8"
    case .int4: "int4"
    case .ternary: "ternary"
    case .sign: "sign"
    case .topK: "top-k"
    case .randomK: "random-k"
    case .threshold: "threshold"
    case .powerSGD: "powersgd"
    case .log8: "log8"
    }
  }

  /// Throws ``CodecError/parameter(codec:requirement:)`` unless every parameter is in its range.
  /// Encoding checks too.
  public func check() throws(CodecError) {
    let requirement: String? =
      switch self {
      case .int8(let bucket), .int4(let bucket), .ternary(let bucket):
        bucket >= 1 && bucket <= Int(Int32.max) ? nil : "the bucket must be 1 value or more"
      case .topK(let density, _), .randomK(let density, _, _):
        density > 0 && density <= 1 ? nil : "the density must be above 0 and at most 1"
      case .threshold(let value, _):
        value >= 0 && value.isFinite ? nil : "the threshold must be finite and not negative"
      case .powerSGD(let rank):
        rank >= 1 && rank <= Int(Int32.max) ? nil : "the rank must be 1 or more"
      case .none, .fp16, .bf16, .sign, .log8: nil
      }
    if let requirement { throw .parameter(codec: name, requirement: requirement) }
  }

  /// How many of `count` values a density keeps: max(1, round(density · count)), none of none.
  static func keptCount(of count: Int, density: Double) -> Int {
    min(count, max(1, Int((density * Double(count)).rounded())))
  }
}
