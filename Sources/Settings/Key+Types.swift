/// Keys of common types. All read into and write from one field.
extension Key {
  /// Where the value of a key is.
  public typealias Field<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// A number in a range.
  public static func number(
    _ name: String, _ field: Field<Double>, _ range: NumberRange, _ documentation: String
  ) -> Key {
    Key(name, documentation, .number(range)) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.number(range)
    } write: {
      shortest($0[keyPath: field])
    }
  }

  /// A whole number in a range.
  public static func integer(
    _ name: String, _ field: Field<Int>, _ range: ClosedRange<Int>, _ documentation: String
  ) -> Key {
    Key(name, documentation, .whole(range)) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.integer(range)
    } write: {
      "\($0[keyPath: field])"
    }
  }

  /// A whole number of at least 1, or a word for its absence.
  public static func count(
    _ name: String, _ field: Field<Int?>, orWord word: String, _ documentation: String
  ) -> Key {
    optional(name, field, orWord: word, .whole(Domain.counts), documentation) {
      (setting) throws(SettingError) in
      try setting.integer(Domain.counts)
    } write: {
      "\($0)"
    }
  }

  /// A number in a range, or a word for its absence.
  public static func limit(
    _ name: String, _ field: Field<Double?>, orWord word: String, _ range: NumberRange,
    _ documentation: String
  ) -> Key {
    optional(name, field, orWord: word, .number(range), documentation) {
      (setting) throws(SettingError) in
      try setting.number(range)
    } write: {
      shortest($0)
    }
  }

  private static func optional<Value>(
    _ name: String, _ field: Field<Value?>, orWord word: String, _ domain: Domain,
    _ documentation: String,
    read: @escaping @Sendable (Setting) throws(SettingError) -> Value,
    write: @escaping @Sendable (Value) -> String
  ) -> Key {
    Key(name, documentation, .either(.words([word]), domain)) {
      (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.optional(word, or: domain) {
        () throws(SettingError) in try read(setting)
      }
    } write: {
      $0[keyPath: field].map(write) ?? word
    }
  }

  /// One of the words of an enumeration, which the documentation begins with.
  public static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ field: Field<Choice>, _ documentation: String
  ) -> Key where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    return Key(name, words.joined(separator: " | ") + ". " + documentation, .words(words)) {
      (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.choice(Choice.self)
    } write: {
      $0[keyPath: field].rawValue
    }
  }

  /// `true` or `false`.
  public static func flag(_ name: String, _ field: Field<Bool>, _ documentation: String) -> Key {
    Key(name, documentation, .words(["true", "false"])) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.flag()
    } write: {
      "\($0[keyPath: field])"
    }
  }

  /// Any text but the empty one.
  public static func text(_ name: String, _ field: Field<String>, _ documentation: String) -> Key {
    Key(name, documentation, .text) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.text()
    } write: {
      quoted($0[keyPath: field])
    }
  }

  /// A list of texts, none of them empty.
  public static func texts(
    _ name: String, _ field: Field<[String]>, _ documentation: String
  ) -> Key {
    Key(name, documentation, .list(of: .text)) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.texts()
    } write: {
      "[" + $0[keyPath: field].map(quoted).joined(separator: ", ") + "]"
    }
  }

  /// A list of whole numbers, each in a range.
  public static func integers(
    _ name: String, _ field: Field<[Int]>, _ range: ClosedRange<Int>, _ documentation: String
  ) -> Key {
    Key(name, documentation, .list(of: .whole(range))) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.integers(range)
    } write: {
      "\($0[keyPath: field])"
    }
  }

  /// A list of numbers, each in a range.
  public static func numbers(
    _ name: String, _ field: Field<[Double]>, _ range: NumberRange, _ documentation: String
  ) -> Key {
    Key(name, documentation, .list(of: .number(range))) { (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.numbers(range)
    } write: {
      "[" + $0[keyPath: field].map(shortest).joined(separator: ", ") + "]"
    }
  }

  /// A list of lists of whole numbers, each in a range.
  ///
  /// - Parameter what: What it should be, for errors.
  public static func lists(
    _ name: String, _ field: Field<[[Int]]>, of range: ClosedRange<Int>, _ what: String,
    _ documentation: String
  ) -> Key {
    Key(name, documentation, .list(of: .list(of: .whole(range)))) {
      (root, setting) throws(SettingError) in
      root[keyPath: field] = try setting.lists(of: range, what)
    } write: {
      "\($0[keyPath: field])"
    }
  }
}
