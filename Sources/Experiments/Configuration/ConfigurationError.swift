/// What is wrong with an experiment: one sentence that names file and line (or argument), key and
/// remedy.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: One sentence.
  public init(_ description: String) { self.description = description }
}

/// The nearest of some words, if one is near enough to be meant.
func nearest(to word: String, among words: [String]) -> String? {
  let best = words.map { (distance: editDistance(word, $0), word: $0) }
    .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
  guard let best, best.distance <= max(2, word.count / 3) else { return nil }
  return best.word
}

/// Levenshtein's distance.
private func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left), Array(right))
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var previous = row
    swap(&previous, &row)
    row = [i + 1]
    for (j, b) in right.enumerated() {
      row.append(min(previous[j] + (a == b ? 0 : 1), previous[j + 1] + 1, row[j] + 1))
    }
  }
  return row[right.count]
}
