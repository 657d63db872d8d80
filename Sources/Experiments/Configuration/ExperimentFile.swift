import Settings

/// The experiment file: the one place that knows all its keys, in the order in which files are
/// written.
enum ExperimentFile {
  static let parts: [FilePart] =
    general + stream + learning + method + strengths.map { .key($0) } + machinery + arrangement
    + communication + clocks

  /// Every key, once for each kind that has it.
  static let keys: [ExperimentKey] = parts.flatMap { part in
    switch part {
    case .key(let key): [ExperimentKey(key: key, owner: nil)]
    case .choice(let choice):
      [ExperimentKey(key: choice.selector, owner: nil)]
        + choice.catalog.kinds.flatMap { kind in
          kind.keys.map { ExperimentKey(key: $0, owner: (choice, kind)) }
        }
    }
  }

  static let choices: [Choice] = parts.compactMap { part in
    if case .choice(let choice) = part { return choice }
    return nil
  }

  /// Every key once, by its name.
  static let paths: [String] = {
    var known: Set<String> = []
    return keys.map(\.path).filter { known.insert($0).inserted }
  }()

  /// The keys of methods' strengths: `method.lambdas.ewc`.
  static let strengthPaths = strengths.map(\.name)

  /// `method`, `method.lambdas`, …
  static let sections: Set<String> = Set(paths.flatMap { Experiments.sections(of: $0) })

  private static let keysByPath = Dictionary(grouping: keys, by: \.path)

  /// The keys of a name, one for each kind that has one; none if there is no such name.
  static func keys(named path: String) -> [ExperimentKey] { keysByPath[path] ?? [] }

  /// The choice whose kinds have a key.
  static func choice(of path: String) -> Choice? { keys(named: path).first?.owner?.choice }

  /// The key of a name as the experiment's choices have it; `nil` where the chosen kind has none.
  static func key(_ path: String, of experiment: Experiment) -> Key<Experiment>? {
    let keys = keys(named: path)
    guard let choice = keys.first?.owner?.choice else { return keys.first?.key }
    return choice.kind(of: experiment)[path]
  }

  /// The keys that count in an experiment, in the order of the file.
  static func keys(of experiment: Experiment) -> [Key<Experiment>] {
    parts.flatMap { part in
      switch part {
      case .key(let key): [key]
      case .choice(let choice): [choice.selector] + choice.kind(of: experiment).keys
      }
    }
  }
}
