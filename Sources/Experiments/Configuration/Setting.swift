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

  // MARK: Readers

  func text() throws -> String {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw mismatch("a word") }
    return scalar.string
  }

  func number(_ range: NumberRange) throws -> Double {
    guard case .scalar(let scalar) = node, let value = Double(scalar.string), value.isFinite,
      range.contains(value)
    else { throw mismatch("a number \(range.description)") }
    return value
  }

  func integer(_ range: ClosedRange<Int>) throws -> Int {
    guard case .scalar(let scalar) = node,
      let value = Int(scalar.string.replacing("_", with: "")), range.contains(value)
    else { throw mismatch("a whole number \(describe(range))") }
    return value
  }

  func seed() throws -> UInt64 {
    guard case .scalar(let scalar) = node, let value = UInt64(scalar.string) else {
      throw mismatch("a whole number of at least 0")
    }
    return value
  }

  func flag() throws -> Bool {
    guard case .scalar(let scalar) = node,
      let value = ["true": true, "false": false][scalar.string]
    else { throw mismatch("true or false") }
    return value
  }

  /// `nil` for the word.
  func optional<Value>(_ word: String, _ read: () throws -> Value, or: String) throws -> Value? {
    if case .scalar(let scalar) = node, scalar.string == word { return nil }
    do {
      return try read()
    } catch {
      throw mismatch("\(word) or \(or)")
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
      let list = words.joined(separator: ", ")
      throw mismatch((words.count == 1 ? list : "one of \(list)") + hint)
    }
    return value
  }

  func integers(_ range: ClosedRange<Int>) throws -> [Int] {
    guard case .sequence(let items) = node else {
      throw mismatch("a list of whole numbers \(describe(range))")
    }
    return try items.map { item in
      try Setting(node: item, place: place, key: key).integer(range)
    }
  }

  func numbers(_ range: NumberRange = .any) throws -> [Double] {
    guard case .sequence(let items) = node else { throw mismatch("a list of numbers") }
    return try items.map { try Setting(node: $0, place: place, key: key).number(range) }
  }

  func factors() throws -> Experiment.Cluster.Factors {
    switch node {
    case .sequence: return .listed(try numbers(.atLeastOne))
    case .mapping(let mapping):
      var factors: [Int: Double] = [:]
      for (rank, factor) in mapping {
        let rank = try Setting(node: rank, place: place, key: "a rank of \(key)")
          .integer(0...99_999)
        factors[rank] = try Setting(node: factor, place: place, key: "\(key) of worker \(rank)")
          .number(.atLeastOne)
      }
      return .named(factors)
    default: throw mismatch("a list of numbers or a mapping such as {0: 4}")
    }
  }

  func lists() throws -> [[Int]] {
    guard case .sequence(let items) = node else { throw mismatch("a list of lists of tasks") }
    return try items.map {
      try Setting(node: $0, place: place, key: key).integers(0...100_000)
    }
  }

  func triples() throws -> [[Double]] {
    guard case .sequence(let items) = node else { throw mismatch("a list of lists of numbers") }
    return try items.map {
      let triple = try Setting(node: $0, place: place, key: key).numbers(.notNegative)
      guard triple.count == 3 else { throw mismatch("a list of lists of three numbers") }
      return triple
    }
  }

  func groups() throws -> [[Int]] {
    guard case .sequence(let items) = node else {
      throw mismatch("fixed, drawn or a list of lists of classes")
    }
    return try items.map {
      try Setting(node: $0, place: place, key: key).integers(0...255)
    }
  }

  private func describe(_ range: ClosedRange<Int>) -> String {
    range.upperBound == Int.max
      ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
  }
}

/// Which numbers a key takes.
struct NumberRange: CustomStringConvertible, Sendable {
  let description: String
  let contains: @Sendable (Double) -> Bool

  static let any = NumberRange(description: "(any)") { _ in true }
  static let atLeastOne = NumberRange(description: "of at least 1") { $0 >= 1 }
  static let positive = NumberRange(description: "greater than 0") { $0 > 0 }
  static let notNegative = NumberRange(description: "of at least 0") { $0 >= 0 }
  static let fraction = NumberRange(description: "from 0 to 1") { (0...1).contains($0) }
  static let share = NumberRange(description: "above 0 and up to 1") { $0 > 0 && $0 <= 1 }
  static let belowOne = NumberRange(description: "of at least 0 and below 1") { $0 >= 0 && $0 < 1 }
}
