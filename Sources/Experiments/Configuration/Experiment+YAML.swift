import Settings
import Yams

extension Experiment {
  /// Reads an experiment.
  ///
  /// - Parameters:
  ///   - yaml: The file's text; an empty one is the default experiment.
  ///   - file: Its name, for errors.
  ///   - sets: `a.b=value` or `a={b: value}` arguments, each value being YAML; later ones win.
  ///     Setting `method.name` drops `compare`, because it asks for that one method, and what the
  ///     file gives another method (``ExperimentLayers``).
  /// - Throws: ``ConfigurationError``: one sentence with file and line, key and remedy.
  public init(yaml: String, named file: String, sets: [String] = []) throws {
    let written = try Self.settings(in: yaml, file: file)
    let arguments = try sets.flatMap(Self.settings)
    var comparison = written.last { $0.key == "compare" }
    for setting in arguments {
      if setting.key == "method.name" { comparison = nil }
      if setting.key == "compare" { comparison = setting }
    }
    func common(_ layer: [FileSetting]) -> [FileSetting] { layer.filter { $0.key != "compare" } }
    var layers = ExperimentLayers()
    try layers.lay(common(written), for: Self.reach(of: comparison, orChosen: true))
    try layers.lay(common(arguments), for: Self.reach(of: comparison, orChosen: false))
    self = layers.experiment
    if let comparison { compare = try Self.methods(comparison, base: layers) }
    try validate(place: file)
  }

  mutating func apply(_ setting: FileSetting) throws(ConfigurationError) {
    guard let key = ExperimentFile.key(setting.key, of: self) else {
      throw ExperimentFile.choice(of: setting.key).map {
        setting.error($0.refusal(of: setting.key, under: [$0.kind(of: self).name]))
      } ?? Self.unknown(setting)
    }
    try apply(setting, key)
  }

  mutating func apply(_ setting: FileSetting, _ key: Key<Experiment>) throws(ConfigurationError) {
    do {
      try key.read(&self, setting.setting)
    } catch {
      throw setting.error(error.description)
    }
  }

  /// - Parameters:
  ///   - setting: Of a key that there is not, or not here.
  ///   - words: What else could have been meant.
  static func unknown(_ setting: FileSetting, orOf words: [String] = []) -> ConfigurationError {
    let known = ExperimentFile.paths + ["compare"] + ExperimentFile.sections.sorted()
    let paths = known.filter { $0 != setting.key }
    if let near = nearest(to: setting.key, among: paths + words) {
      return setting.error("unknown key \"\(setting.key)\"; did you mean \"\(near)\"?")
    }
    let last = setting.key.split(separator: ".").last.map(String.init) ?? setting.key
    let similar = paths.filter { $0.hasSuffix(".\(last)") }
    let section = setting.key.split(separator: ".").first.map { "\($0)." } ?? ""
    let siblings = paths.filter { $0.hasPrefix(section) && setting.key.contains(".") }
    let hint =
      if let similar = similar.first {
        "did you mean \"\(similar)\"?"
      } else if !siblings.isEmpty {
        "valid keys are \(siblings.joined(separator: ", "))"
      } else {
        "cluster/experiments/reference.yaml lists all keys"
      }
    return setting.error("unknown key \"\(setting.key)\"; \(hint)")
  }

  // MARK: Trees to settings

  static func settings(in yaml: String, file: String) throws -> [FileSetting] {
    guard let root = try YAMLText.root(yaml, file: file) else { return [] }
    // A file of comments alone composes to an empty scalar.
    if case .scalar(let scalar) = root, scalar.string.isEmpty { return [] }
    guard case .mapping(let mapping) = root else {
      throw ConfigurationError("\(file): an experiment is a mapping of keys to values")
    }
    return try leaves(of: mapping, prefix: "", file: file)
  }

  static func leaves(
    of mapping: Node.Mapping, prefix: String, file: String
  ) throws -> [FileSetting] {
    var result: [FileSetting] = []
    for (name, value) in mapping {
      let line = name.mark.map { ":\($0.line)" } ?? ""
      let place = file.hasPrefix("--set") ? file : "\(file)\(line)"
      guard case .scalar(let scalar) = name else {
        throw ConfigurationError("\(place): a key must be a word")
      }
      let path = prefix + scalar.string
      for setting in try leaves(FileSetting(node: value, place: place, key: path), file: file) {
        // One key has two spellings: nested in its section, and with a dot.
        if let first = result.first(where: { $0.key == setting.key }) {
          let other = first.place == setting.place ? "there" : "at \(first.place)"
          throw setting.error("\(setting.key) is given twice, here and \(other); drop one")
        }
        result.append(setting)
      }
    }
    return result
  }

  /// A setting, or those of a section.
  private static func leaves(_ setting: FileSetting, file: String) throws -> [FileSetting] {
    guard ExperimentFile.sections.contains(setting.key) else { return [setting] }
    switch setting.node {
    case .mapping(let inner):
      return try leaves(of: inner, prefix: setting.key + ".", file: file)
    // A section whose keys are all commented out.
    case .scalar(let scalar) where scalar.string.isEmpty: return []
    default:
      // The one key of the section that has a word for its value.
      let fitting = ExperimentFile.paths.filter { path in
        guard sections(of: path).contains(setting.key),
          let key = ExperimentFile.keys(named: path).first?.key, case .words = key.domain
        else { return false }
        var experiment = Experiment()
        return (try? key.read(&experiment, setting.setting)) != nil
      }
      var hint = ""
      if fitting.count == 1, case .scalar(let scalar) = setting.node {
        let sign = setting.place.hasPrefix("--set") ? "=" : ": "
        hint = "; did you mean \(fitting[0])\(sign)\(scalar.string)?"
      }
      throw setting.error("\(setting.key) must be a mapping of keys to values\(hint)")
    }
  }

  /// What a `--set` argument sets: one key, or some of a section.
  static func settings(_ argument: String) throws -> [FileSetting] {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError("--set \(argument): write it as --set key=value")
    }
    let place = "--set \(argument)"
    let node: Node
    do {
      node = try YAMLText.root(String(parts[1]), file: place) ?? Node("")
    } catch {
      throw ConfigurationError("\(place): the value is not YAML")
    }
    return try leaves(FileSetting(node: node, place: place, key: String(parts[0])), file: place)
  }

  // MARK: Comparisons

  /// Which methods a layer is for beside a comparison: those that it names.
  ///
  /// - Parameters:
  ///   - comparison: What `compare` is, if it is given.
  ///   - orChosen: Whether it may be for the one that is not compared, too.
  static func reach(
    of comparison: FileSetting?, orChosen: Bool
  ) throws -> ExperimentLayers.Reach {
    let names = try comparison.map(comparedSettings)?.flatMap { settings in
      settings.filter { $0.key == "method.name" }.compactMap(\.setting.value.word)
    }
    guard let names, !names.isEmpty else { return .chosen }
    return .compared(choice: "method.name", kinds: names, orChosen: orChosen)
  }

  /// The methods of `compare`: each names what differs from `method`.
  private static func methods(
    _ setting: FileSetting, base: ExperimentLayers
  ) throws -> [MethodChoice] {
    try comparedSettings(setting).map { settings in
      var layers = base
      try layers.lay(settings)
      return layers.experiment.method
    }
  }

  /// What `compare` sets for each method.
  private static func comparedSettings(_ setting: FileSetting) throws -> [[FileSetting]] {
    if setting.isNone { return [] }
    guard case .sequence(let items) = setting.node else {
      throw setting.error("compare must be none or a list of methods such as [{name: ewc}]")
    }
    return try items.map { item in
      var node = item
      if case .scalar = item { node = Node([(Node("name"), item)]) }
      guard case .mapping(let mapping) = node else {
        throw setting.error("compare must list methods such as {name: ewc, lambda: 100}")
      }
      let file = setting.place.split(separator: ":").first.map(String.init) ?? setting.place
      return try leaves(of: mapping, prefix: "method.", file: file).map { leaf in
        let place = leaf.place == file ? setting.place : leaf.place
        return FileSetting(node: leaf.node, place: place, key: leaf.key)
      }
    }
  }
}
