/// One of the things that somebody chooses from by name, with the keys that only it has.
public struct Kind<Root>: Sendable {
  /// `ewc`, as it is written in files.
  public let name: String
  public let keys: [Key<Root>]
  /// Chooses it with its defaults.
  public let choose: @Sendable (inout Root) -> Void
  /// Whether it is the chosen one.
  public let isChosen: @Sendable (Root) -> Bool

  /// A kind whose settings are fields of a value that all kinds share.
  ///
  /// - Parameters:
  ///   - keys: What it alone has, or shares with some of the others.
  ///   - choose: Makes it the chosen one.
  ///   - isChosen: Whether it is.
  public init(
    _ name: String, _ keys: [Key<Root>] = [], choose: @escaping @Sendable (inout Root) -> Void,
    isChosen: @escaping @Sendable (Root) -> Bool
  ) {
    self.name = name
    self.keys = keys
    self.choose = choose
    self.isChosen = isChosen
  }

  /// A case of an enumeration that has no settings.
  public init(_ name: String, _ value: Root) where Root: Hashable & Sendable {
    self.init(name) {
      $0 = value
    } isChosen: {
      $0 == value
    }
  }

  /// A case of an enumeration with settings.
  ///
  /// - Parameters:
  ///   - settings: Their defaults.
  ///   - make: The case with settings.
  ///   - take: The settings of a value; `nil` if it is another case.
  public init<Settings: Sendable>(
    _ name: String, _ settings: Settings, _ keys: [Key<Settings>],
    make: @escaping @Sendable (Settings) -> Root, take: @escaping @Sendable (Root) -> Settings?
  ) {
    let lifted = keys.map { key in
      var lifted = Key<Root>(key.name, key.documentation, key.domain) {
        (root, setting) throws(SettingError) in
        var settings = take(root) ?? settings
        try key.read(&settings, setting)
        root = make(settings)
      } write: {
        key.write(take($0) ?? settings)
      }
      lifted.isBound = key.isBound
      return lifted
    }
    self.init(name, lifted) {
      $0 = make(settings)
    } isChosen: {
      take($0) != nil
    }
  }

  /// The key of that name, if it has it.
  public subscript(name: String) -> Key<Root>? { keys.first { $0.name == name } }
}

/// What somebody chooses one from by name.
public struct Catalog<Root>: Sendable {
  /// How kinds that are not listed are made of those that are.
  public struct Composition: Sendable {
    /// The kind of a name, such as `replay+ewc`; `nil` for a name that is not composed.
    public let kind: @Sendable (String) throws(SettingError) -> Kind<Root>?
    /// The name of a composed value; `nil` for any other.
    public let name: @Sendable (Root) -> String?

    /// - Parameters:
    ///   - kind: The kind of a name; throws ``SettingError`` where the parts do not go together.
    ///   - name: The name of a composed value, of which `kind` makes its kind again.
    public init(
      kind: @escaping @Sendable (String) throws(SettingError) -> Kind<Root>?,
      name: @escaping @Sendable (Root) -> String?
    ) {
      self.kind = kind
      self.name = name
    }
  }

  /// In the order in which messages list them.
  public let kinds: [Kind<Root>]
  /// `nil` where only what is listed can be chosen.
  public let composition: Composition?

  /// - Parameters:
  ///   - kinds: At least one; no two have a name in common.
  ///   - composition: How further ones are made of them; not at all if left out.
  public init(_ kinds: [Kind<Root>], composition: Composition? = nil) {
    precondition(Set(kinds.map(\.name)).count == kinds.count, "every kind has a name of its own")
    self.kinds = kinds
    self.composition = composition
  }

  /// What messages list.
  public var names: [String] { kinds.map(\.name) }

  /// The kind of a value. Every value has one.
  public func kind(of value: Root) -> Kind<Root> {
    if let name = composition?.name(value), let kind = self[name] { return kind }
    guard let kind = kinds.first(where: { $0.isChosen(value) }) else {
      preconditionFailure("the value is of a kind that the catalog lists or makes")
    }
    return kind
  }

  /// The kind of a name; `nil` where there is none, or none can be made.
  public subscript(name: String) -> Kind<Root>? { try? kind(named: name) }

  /// The kind of a name, listed or composed; `nil` if there is none.
  ///
  /// - Throws: ``SettingError`` where its parts do not go together.
  public func kind(named name: String) throws(SettingError) -> Kind<Root>? {
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    return try composition?.kind(name)
  }
}

extension Kind {
  /// This kind as one of a value that has the other one for a part.
  ///
  /// - Parameters:
  ///   - prefix: What comes before the names of its keys: `method.`.
  ///   - part: Where the part is.
  public func of<Whole>(
    _ part: any WritableKeyPath<Whole, Root> & Sendable, prefix: String
  ) -> Kind<Whole> {
    Kind<Whole>(name, keys.map { $0.of(part, prefix: prefix) }) { [choose] in
      choose(&$0[keyPath: part])
    } isChosen: { [isChosen] in
      isChosen($0[keyPath: part])
    }
  }
}

extension Catalog {
  /// This choice for a value that has what is chosen for a part.
  ///
  /// - Parameters:
  ///   - part: Where the part is.
  ///   - prefix: What comes before the names of its keys: `method.`.
  public func of<Whole>(
    _ part: any WritableKeyPath<Whole, Root> & Sendable, prefix: String
  ) -> Catalog<Whole> {
    let lifted = composition.map { composition in
      Catalog<Whole>.Composition { (name) throws(SettingError) in
        try composition.kind(name)?.of(part, prefix: prefix)
      } name: {
        composition.name($0[keyPath: part])
      }
    }
    return Catalog<Whole>(kinds.map { $0.of(part, prefix: prefix) }, composition: lifted)
  }
}

extension Catalog {
  /// Kinds that are words of one field, and whose settings are fields beside it.
  ///
  /// - Parameters:
  ///   - field: Where the chosen word is.
  ///   - keys: What each has; a word that is left out has nothing.
  public init<Word: RawRepresentable & CaseIterable & Hashable & Sendable>(
    _ field: any WritableKeyPath<Root, Word> & Sendable, _ keys: [Word: [Key<Root>]]
  ) where Word.RawValue == String {
    self.init(
      Word.allCases.map { word in
        Kind(word.rawValue, keys[word] ?? []) {
          $0[keyPath: field] = word
        } isChosen: {
          $0[keyPath: field] == word
        }
      })
  }
}
