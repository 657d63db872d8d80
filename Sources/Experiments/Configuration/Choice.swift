import Settings

/// One of the things that an experiment chooses by name.
struct Choice: Sendable {
  /// `method.name`.
  let selector: Key<Experiment>
  /// With whole names for their keys: `method.lambda`.
  let catalog: Catalog<Experiment>

  /// - Parameters:
  ///   - path: The key whose value is the name.
  ///   - field: Where what is chosen is.
  ///   - prefix: What comes before the names of the kinds' keys: `method.`.
  ///   - documentation: What is chosen.
  init<Value>(
    _ path: String, _ field: any WritableKeyPath<Experiment, Value> & Sendable,
    _ catalog: Catalog<Value>, prefix: String, _ documentation: String
  ) {
    let lifted = catalog.of(field, prefix: prefix)
    self.catalog = lifted
    let names = lifted.names
    selector = Key(path, names.joined(separator: " | ") + ". " + documentation, .words(names)) {
      (experiment, setting) throws(SettingError) in
      let word = setting.value.word ?? ""
      guard let kind = try lifted.kind(named: word) else {
        _ = try setting.word(of: names)
        return
      }
      if lifted.kind(of: experiment).name != word { kind.choose(&experiment) }
    } write: {
      lifted.kind(of: $0).name
    }
  }

  /// `method.name`.
  var path: String { selector.name }

  /// Which is chosen.
  func kind(of experiment: Experiment) -> Kind<Experiment> { catalog.kind(of: experiment) }

  /// The names of the kinds that have a key.
  func owners(of path: String) -> [String] {
    catalog.kinds.filter { $0[path] != nil }.map(\.name)
  }

  /// Why a key does not count here, and what does.
  ///
  /// - Parameters:
  ///   - path: A key that some of the kinds have.
  ///   - kinds: The names of those that count: of the chosen one, or of all that are compared.
  func refusal(of path: String, under kinds: [String]) -> String {
    let owners = owners(of: path)
    let remedy = "drop it, or choose \(self.path)=\(owners[0])"
    let belongs = "\(path) belongs to \(enumeration(owners))"
    guard kinds.count == 1, let kind = catalog[kinds[0]] else {
      return "\(belongs); \(self.path) is \(enumeration(kinds)) here; \(remedy)"
    }
    let own = kind.keys.map { String($0.name.split(separator: ".").last ?? "") }
    let has = own.isEmpty ? "no settings of its own" : enumeration(own)
    return "\(belongs); \(kind.name), which is chosen here, has \(has); \(remedy)"
  }
}

/// A part of the experiment file.
enum FilePart: Sendable {
  /// A key that always counts.
  case key(Key<Experiment>)
  /// A name, and behind it the keys of the kind of that name.
  case choice(Choice)
}

/// A key of the experiment file, as one kind has it.
struct ExperimentKey: Sendable {
  let key: Key<Experiment>
  /// The choice and the kind that it belongs to; `nil` for a key that always counts.
  let owner: (choice: Choice, kind: Kind<Experiment>)?

  /// `optimizer.rate`.
  var path: String { key.name }
}

/// `method` and `method.lambdas` for `method.lambdas.ewc`.
func sections(of path: String) -> [String] {
  path.indices.filter { path[$0] == "." }.map { String(path[..<$0]) }
}
