/// Labels in words, for messages.
enum LabelList {
  /// `1, 2 and 7`; three or more in a row as `1–26`.
  static func words(_ labels: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for label in labels {
      if let last = runs.last, last.upperBound + 1 == label {
        runs[runs.count - 1] = last.lowerBound...label
      } else {
        runs.append(label...label)
      }
    }
    let words = runs.flatMap { run in
      run.count > 2 ? ["\(run.lowerBound)–\(run.upperBound)"] : run.map(String.init)
    }
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
