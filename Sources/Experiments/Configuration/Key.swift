/// One key of the experiment file: how it is read, how it is written, and what it means. The list
/// of all keys (``keys``) is the only place that knows them.
struct Key {
  /// `optimizer.rate`.
  let path: String
  let documentation: String
  let domain: Domain
  let read: (inout Experiment, Setting) throws -> Void
  /// The value as YAML, on one line.
  let write: (Experiment) -> String

  /// `method` and `method.lambdas` for `method.lambdas.ewc`.
  var sections: [String] {
    path.indices.filter { path[$0] == "." }.map { String(path[..<$0]) }
  }

  static func number(
    _ path: String, _ field: WritableKeyPath<Experiment, Double>, _ range: NumberRange,
    _ documentation: String
  ) -> Key {
    Key(path: path, documentation: documentation, domain: .number(range)) {
      $0[keyPath: field] = try $1.number(range)
    } write: {
      yaml($0[keyPath: field])
    }
  }

  static func integer(
    _ path: String, _ field: WritableKeyPath<Experiment, Int>, _ range: ClosedRange<Int>,
    _ documentation: String
  ) -> Key {
    Key(path: path, documentation: documentation, domain: .whole(range)) {
      $0[keyPath: field] = try $1.integer(range)
    } write: {
      "\($0[keyPath: field])"
    }
  }

  /// A whole number of at least 1, or a word for its absence.
  static func count(
    _ path: String, _ field: WritableKeyPath<Experiment, Int?>, orWord word: String,
    _ documentation: String
  ) -> Key {
    optional(path, field, orWord: word, .whole(Domain.counts), documentation) {
      try $0.integer(Domain.counts)
    } write: {
      "\($0)"
    }
  }

  /// A number above 0, or a word for its absence.
  static func limit(
    _ path: String, _ field: WritableKeyPath<Experiment, Double?>, orWord word: String,
    _ range: NumberRange, _ documentation: String
  ) -> Key {
    optional(path, field, orWord: word, .number(range), documentation) {
      try $0.number(range)
    } write: {
      yaml($0)
    }
  }

  /// A value, or a word for its absence.
  private static func optional<Value>(
    _ path: String, _ field: WritableKeyPath<Experiment, Value?>, orWord word: String,
    _ domain: Domain, _ documentation: String, read: @escaping (Setting) throws -> Value,
    write: @escaping (Value) -> String
  ) -> Key {
    Key(
      path: path, documentation: documentation, domain: .either(.words([word]), domain)
    ) { experiment, setting in
      experiment[keyPath: field] = try setting.optional(word, or: domain) { try read(setting) }
    } write: {
      $0[keyPath: field].map(write) ?? word
    }
  }

  /// The word for a cost that is looked up.
  static let calibrated = "calibrated"

  /// A cost of the simulator: a number, or what has been measured.
  static func cost(
    _ path: String, _ field: WritableKeyPath<Experiment, Double?>, _ range: NumberRange,
    _ documentation: String
  ) -> Key {
    limit(path, field, orWord: calibrated, range, documentation)
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ path: String, _ field: WritableKeyPath<Experiment, Choice>, _ documentation: String
  ) -> Key where Choice.RawValue == String {
    Key(
      path: path,
      documentation: Choice.allCases.map(\.rawValue).joined(separator: " | ") + ". "
        + documentation, domain: .words(Choice.allCases.map(\.rawValue))
    ) {
      $0[keyPath: field] = try $1.choice(Choice.self)
    } write: {
      $0[keyPath: field].rawValue
    }
  }

  static func flag(
    _ path: String, _ field: WritableKeyPath<Experiment, Bool>, _ documentation: String
  ) -> Key {
    Key(path: path, documentation: documentation, domain: .words(["true", "false"])) {
      $0[keyPath: field] = try $1.flag()
    } write: {
      "\($0[keyPath: field])"
    }
  }

  static func text(
    _ path: String, _ field: WritableKeyPath<Experiment, String>, _ documentation: String
  ) -> Key {
    Key(path: path, documentation: documentation, domain: .text) {
      $0[keyPath: field] = try $1.text()
    } write: {
      quoted($0[keyPath: field])
    }
  }
}

/// A number as short as it reads back.
func yaml(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
}

/// A word as a YAML scalar, quoted where it could be read as something else.
func quoted(_ word: String) -> String {
  let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
  let isPlain =
    word.first?.isLetter == true
    && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./ ".contains($0)) }
    && word.last != " " && !reserved.contains(word.lowercased())
  if isPlain { return word }
  // Where a scalar begins with a byte order mark, Yams takes one away.
  let mark = word.unicodeScalars.first == "\u{FEFF}" ? "\\uFEFF" : ""
  return "\"" + mark + word.unicodeScalars.map(escaped).joined() + "\""
}

/// A character between double quotes: escaped where YAML would not take it, or would take it for
/// the end of a line.
private func escaped(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\\": return "\\\\"
  case "\"": return "\\\""
  case "\n": return "\\n"
  case "\t", "\r", "\u{85}", "\u{2028}", "\u{2029}": break
  default: if TextFile.isPrintable(scalar) { return String(scalar) }
  }
  let number = TextFile.codePoint(scalar)
  return number.count == 4 ? "\\u\(number)" : "\\U" + String(("0000000" + number).suffix(8))
}
