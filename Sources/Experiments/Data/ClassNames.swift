/// What the folders of classes say about labels.
///
/// Where all names are different whole numbers these are the labels. Otherwise the labels are the
/// numbers from 0 in the order of the names, in which `2` comes before `10` and `a2` before `a10`.
struct ClassNames {
  private let labels: [String: Int32]
  /// The names of labels that are no names themselves.
  let words: [Int: String]

  /// - Parameter names: Of folders, all different.
  init(_ names: [String]) {
    let numbers = names.map(Self.number)
    let isNumbered = Set(numbers.compactMap { $0 }).count == names.count
    var (labels, words): ([String: Int32], [Int: String]) = ([:], [:])
    for (index, name) in names.sorted(by: Self.precedes).enumerated() {
      if isNumbered, let number = Self.number(name) {
        labels[name] = number
      } else {
        labels[name] = Int32(index)
        words[index] = name
      }
    }
    self.labels = labels
    self.words = words
  }

  /// The label of a class; `nil` for a name that is none of them.
  func label(of name: String) -> Int32? { labels[name] }

  /// Names in the order of their labels, those that are none of them last.
  func sorted(_ names: [String]) -> [String] {
    names.sorted { (labels[$0] ?? .max, $0) < (labels[$1] ?? .max, $1) }
  }

  private static func number(_ name: String) -> Int32? {
    name.utf8.allSatisfy { (48...57).contains($0) } ? Int32(name) : nil
  }

  /// Whether a name comes before another: digits count as the number they write, everything else by
  /// its code points.
  static func precedes(_ first: String, _ second: String) -> Bool {
    var (left, right) = (Array(first.unicodeScalars)[...], Array(second.unicodeScalars)[...])
    while let a = left.first, let b = right.first {
      guard isDigit(a), isDigit(b) else {
        if a != b { return a.value < b.value }
        left.removeFirst()
        right.removeFirst()
        continue
      }
      let (one, other) = (number(at: &left), number(at: &right))
      // Of equal length without zeros before them, digits compare as the numbers do.
      if one.count != other.count { return one.count < other.count }
      if one != other { return one.lexicographicallyPrecedes(other) }
    }
    if left.isEmpty && right.isEmpty { return first < second }
    return left.isEmpty
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    (48...57).contains(scalar.value)
  }

  /// Takes the digits at the beginning, without zeros before them.
  private static func number(at rest: inout ArraySlice<Unicode.Scalar>) -> [UInt32] {
    let digits = rest.prefix(while: isDigit)
    rest = rest.dropFirst(digits.count)
    return digits.map(\.value).drop { $0 == 48 }.map { $0 }
  }
}
