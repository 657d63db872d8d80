/// How much each element of a word's vector counts at each place of a sentence.
///
/// The first elements tell the beginning of a sentence, the last its end: l = (1 − j/J) − (k/d)(1 −
/// 2j/J) for word j of J and element k of d, all counted from 1.
///
/// - Source: Sukhbaatar et al. 2015 (End-to-end memory networks), §4.1.
struct PositionEncoding: Sendable, Hashable {
  let width: Int
  /// By length J, from 1, by word j: `width` factors.
  private let factors: [Float]

  /// - Parameters:
  ///   - words: Of the longest sentence, ≥ 1.
  ///   - width: Elements d of a word's vector, ≥ 1.
  init(words: Int, width: Int) {
    self.width = width
    var factors: [Float] = []
    factors.reserveCapacity(words * (words + 1) / 2 * width)
    for length in 1...words {
      for word in 1...length {
        let place = Double(word) / Double(length)
        for element in 1...width {
          let share = Double(element) / Double(width)
          factors.append(Float((1 - place) - share * (1 - 2 * place)))
        }
      }
    }
    self.factors = factors
  }

  /// Calls a function with the factors of all words of a sentence: `length` × `width`.
  func withFactors(of length: Int, _ body: (UnsafePointer<Float>) -> Void) {
    precondition(length >= 1)
    factors.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      body(base + (length - 1) * length / 2 * width)
    }
  }
}
