/// A value that somebody gave for a key, with the readers that check and convert it.
///
/// Every reader throws ``SettingError``: `optimizer.rate is "0"; it must be a number from …`.
public struct Setting: Sendable, Hashable {
  /// As it is called in the file: `optimizer.rate`.
  public let key: String
  public let value: SettingValue

  /// - Parameters:
  ///   - key: As it is called in the file, for errors.
  ///   - value: What was given.
  public init(key: String, value: SettingValue) {
    self.key = key
    self.value = value
  }

  /// The sentence that this is not what it should be.
  ///
  /// - Parameter expected: What it must be, as `a list of numbers`.
  public func mismatch(_ expected: String) -> SettingError {
    let given =
      switch value {
      case .word(let word): "\"\(word)\""
      case .mapping: "a mapping"
      case .list: "a list"
      }
    return SettingError("\(key) is \(given); it must be \(expected)")
  }

  private func mismatch(_ domain: Domain) -> SettingError { mismatch(domain.description) }

  // MARK: Single values

  /// Any word but the empty one.
  public func text() throws(SettingError) -> String {
    guard let word = value.word, !word.isEmpty else { throw mismatch(.text) }
    return word
  }

  /// A number in a range; digits may be grouped, as in `1_000`.
  public func number(_ range: NumberRange) throws(SettingError) -> Double {
    guard let digits, let number = Double(digits), range.contains(number) else {
      throw mismatch(.number(range))
    }
    return number
  }

  /// A whole number in a range; digits may be grouped, as in `1_000`.
  public func integer(_ range: ClosedRange<Int>) throws(SettingError) -> Int {
    guard let digits, let number = Int(digits), range.contains(number) else {
      throw mismatch(.whole(range))
    }
    return number
  }

  /// A whole number of 64 bits without a sign.
  public func seed() throws(SettingError) -> UInt64 {
    guard let digits, let number = UInt64(digits) else { throw mismatch(.seed) }
    return number
  }

  private var digits: String? { value.word.map { String($0.filter { $0 != "_" }) } }

  /// `true` or `false`.
  public func flag() throws(SettingError) -> Bool {
    switch value.word {
    case "true": return true
    case "false": return false
    default: throw mismatch("true or false")
    }
  }

  /// One of some words; a near miss is named.
  public func word(of words: [String]) throws(SettingError) -> String {
    if let word = value.word, words.contains(word) { return word }
    var hint = ""
    if let word = value.word, let near = nearest(to: word, among: words) {
      hint = "; did you mean \"\(near)\"?"
    }
    throw mismatch(Domain.words(words).description + hint)
  }

  /// A case of an enumeration of words.
  public func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ type: Choice.Type
  ) throws(SettingError) -> Choice where Choice.RawValue == String {
    let word = try word(of: type.allCases.map(\.rawValue))
    guard let choice = Choice(rawValue: word) else { throw mismatch(.words([word])) }
    return choice
  }

  /// `nil` for the word, else what is read.
  ///
  /// - Parameter domain: What is read otherwise, for the message.
  public func optional<Value>(
    _ word: String, or domain: Domain, _ read: () throws(SettingError) -> Value
  ) throws(SettingError) -> Value? {
    if value.word == word { return nil }
    do {
      return try read()
    } catch {
      throw mismatch(.either(.words([word]), domain))
    }
  }

  // MARK: Lists and mappings

  /// The items of a list under the same key.
  ///
  /// - Parameter what: What it should be, for the message.
  public func elements(_ what: String) throws(SettingError) -> [Setting] {
    guard case .list(let items) = value else { throw mismatch(what) }
    return items.map { Setting(key: key, value: $0) }
  }

  /// A list of words, none of them empty.
  public func texts() throws(SettingError) -> [String] {
    var texts: [String] = []
    for item in try elements("a list of words") { texts.append(try item.text()) }
    return texts
  }

  /// A list of whole numbers, each in a range.
  public func integers(_ range: ClosedRange<Int>) throws(SettingError) -> [Int] {
    var numbers: [Int] = []
    for item in try elements(Domain.list(of: .whole(range)).description) {
      numbers.append(try item.integer(range))
    }
    return numbers
  }

  /// A list of numbers, each in a range.
  public func numbers(_ range: NumberRange) throws(SettingError) -> [Double] {
    var numbers: [Double] = []
    for item in try elements("a list of numbers") { numbers.append(try item.number(range)) }
    return numbers
  }

  /// A list of lists of whole numbers, each in a range.
  ///
  /// - Parameter what: What it should be, for the message.
  public func lists(
    of range: ClosedRange<Int>, _ what: String
  ) throws(SettingError) -> [[Int]] {
    var lists: [[Int]] = []
    for item in try elements(what) { lists.append(try item.integers(range)) }
    return lists
  }
}
