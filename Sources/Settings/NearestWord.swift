/// The nearest of some words by Levenshtein's distance, if one is near enough to be meant.
///
/// - Complexity: O(letters of `word` × letters of all `words`).
public func nearest(to word: String, among words: [String]) -> String? {
  let best = words.map { (distance: editDistance(word, $0), word: $0) }
    .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
  guard let best, best.distance <= max(2, word.count / 3) else { return nil }
  return best.word
}

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

/// Words in a sentence: `a`, `a and b`, `a, b and c`.
public func enumeration(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}
