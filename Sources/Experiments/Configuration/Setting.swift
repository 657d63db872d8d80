import Yams

/// A value that somebody gave for a key, and where.
struct Setting {
  let node: Node
  /// `file.yaml:12` or `--set a.b=c`.
  let place: String
  /// `optimizer.rate`.
  let key: String

  func error(_ sentence: String) -> ConfigurationError {
    ConfigurationError("\(place): \(sentence)")
  }

  private func mismatch(_ expected: String) -> ConfigurationError {
    let given: String
    switch node {
    case .scalar(let scalar): given = "\"\(scalar.string)\""
    case .mapping: given = "a mapping"
    case .sequence: given = "a list"
    case .alias: given = "an alias"
    }
    return error("\(key) is \(given); it must be \(expected)")
  }

  private func mismatch(_ domain: Domain) -> ConfigurationError { mismatch(domain.description) }

  // MARK: Readers

  func text() throws -> String {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw mismatch(.text) }
    return scalar.string
  }

  func number(_ range: NumberRange) throws -> Double {
    guard case .scalar(let scalar) = node, let value = Double(digits(scalar)),
      range.contains(value)
    else { throw mismatch(.number(range)) }
    return value
  }

  func integer(_ range: ClosedRange<Int>) throws -> Int {
    guard case .scalar(let scalar) = node,
      let value = Int(digits(scalar)), range.contains(value)
    else { throw mismatch(.whole(range)) }
    return value
  }

  func seed() throws -> UInt64 {
    guard case .scalar(let scalar) = node, let value = UInt64(digits(scalar)) else {
      throw mismatch(.seed)
    }
    return value
  }

  /// Digits may be grouped, as in `1_000`.
  private func digits(_ scalar: Node.Scalar) -> String { scalar.string.replacing("_", with: "") }

  func flag() throws -> Bool {
    guard case .scalar(let scalar) = node,
      let value = ["true": true, "false": false][scalar.string]
    else { throw mismatch("true or false") }
    return value
  }

  /// `nil` for the word.
  func optional<Value>(
    _ word: String, or domain: Domain, _ read: () throws -> Value
  ) throws -> Value? {
    if case .scalar(let scalar) = node, scalar.string == word { return nil }
    do {
      return try read()
    } catch {
      throw mismatch(.either(.words([word]), domain))
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type
  ) throws -> Choice where Choice.RawValue == String {
    let words = type.allCases.map(\.rawValue)
    guard case .scalar(let scalar) = node, let value = Choice(rawValue: scalar.string) else {
      var hint = ""
      if case .scalar(let scalar) = node, let near = nearest(to: scalar.string, among: words) {
        hint = "; did you mean \"\(near)\"?"
      }
      throw mismatch(Domain.words(words).description + hint)
    }
    return value
  }

  func integers(_ range: ClosedRange<Int>) throws -> [Int] {
    try elements("a list of whole numbers from \(range.lowerBound) to \(range.upperBound)")
      .map { try $0.integer(range) }
  }

  func numbers(_ range: NumberRange) throws -> [Double] {
    try elements("a list of numbers").map { try $0.number(range) }
  }

  func factors() throws -> Experiment.Cluster.Factors {
    switch node {
    case .sequence: return .listed(try numbers(.factor))
    case .mapping(let mapping):
      var factors: [Int: Double] = [:]
      for (rank, factor) in mapping {
        let rank = try Setting(node: rank, place: place, key: "a rank of \(key)")
          .integer(0...Key.workerMaximum - 1)
        factors[rank] = try Setting(node: factor, place: place, key: "\(key) of worker \(rank)")
          .number(.factor)
      }
      return .named(factors)
    default: throw mismatch("a list of numbers or a mapping such as {0: 4}")
    }
  }

  /// - Parameter what: What it should be, for the message.
  func lists(of range: ClosedRange<Int>, _ what: String) throws -> [[Int]] {
    try elements(what).map { try $0.integers(range) }
  }

  /// The items of a list under its own place.
  ///
  /// - Parameter what: What it should be, for the message.
  func elements(_ what: String) throws -> [Setting] {
    guard case .sequence(let items) = node else { throw mismatch(what) }
    return items.map { Setting(node: $0, place: place, key: key) }
  }
}
