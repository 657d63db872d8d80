import Yams

extension Experiment {
  /// Reads an experiment.
  ///
  /// - Parameters:
  ///   - yaml: The file's text; an empty one is the default experiment.
  ///   - file: Its name, for errors.
  ///   - sets: `a.b=value` or `a={b: value}` arguments, each value being YAML; later ones win.
  ///     Setting `method.name` drops `compare`, because it asks for that one method, and a
  ///     strength that the file gives another method (``ExperimentLayers``).
  /// - Throws: ``ConfigurationError``: one sentence with file and line, key and remedy.
  public init(yaml: String, named file: String, sets: [String] = []) throws {
    let written = try Self.settings(in: yaml, file: file)
    let arguments = try sets.flatMap(Self.settings)
    var comparison = written.last { $0.key == "compare" }
    for setting in arguments {
      if setting.key == "method.name" { comparison = nil }
      if setting.key == "compare" { comparison = setting }
    }
    var layers = ExperimentLayers()
    for layer in [written, arguments] { try layers.lay(layer.filter { $0.key != "compare" }) }
    self = layers.experiment
    if let comparison { compare = try Self.methods(comparison, base: layers) }
    try validate(place: file)
  }

  mutating func apply(_ setting: Setting) throws {
    guard let key = Key.all.first(where: { $0.path == setting.key }) else {
      throw Self.unknown(setting)
    }
    try key.read(&self, setting)
  }

  /// - Parameter setting: Of a key that there is not, or not here.
  static func unknown(_ setting: Setting) -> ConfigurationError {
    let sections = Key.all.flatMap(\.sections)
    let paths = (Key.all.map(\.path) + ["compare"] + sections).filter { $0 != setting.key }
    if let near = nearest(to: setting.key, among: paths) {
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

  static func settings(in yaml: String, file: String) throws -> [Setting] {
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
  ) throws -> [Setting] {
    var result: [Setting] = []
    for (name, value) in mapping {
      let line = name.mark.map { ":\($0.line)" } ?? ""
      let place = file.hasPrefix("--set") ? file : "\(file)\(line)"
      guard case .scalar(let scalar) = name else {
        throw ConfigurationError("\(place): a key must be a word")
      }
      let path = prefix + scalar.string
      for setting in try leaves(Setting(node: value, place: place, key: path), file: file) {
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
  private static func leaves(_ setting: Setting, file: String) throws -> [Setting] {
    let keys = Key.all.filter { $0.sections.contains(setting.key) }
    guard !keys.isEmpty else { return [setting] }
    switch setting.node {
    case .mapping(let inner):
      return try leaves(of: inner, prefix: setting.key + ".", file: file)
    // A section whose keys are all commented out.
    case .scalar(let scalar) where scalar.string.isEmpty: return []
    default:
      // The one key of the section that has a word for its value.
      let fitting = keys.filter { key in
        guard case .words = key.domain else { return false }
        var experiment = Experiment()
        return (try? key.read(&experiment, setting)) != nil
      }
      var hint = ""
      if fitting.count == 1, case .scalar(let scalar) = setting.node {
        let sign = setting.place.hasPrefix("--set") ? "=" : ": "
        hint = "; did you mean \(fitting[0].path)\(sign)\(scalar.string)?"
      }
      throw setting.error("\(setting.key) must be a mapping of keys to values\(hint)")
    }
  }

  /// What a `--set` argument sets: one key, or some of a section.
  static func settings(_ argument: String) throws -> [Setting] {
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
    return try leaves(Setting(node: node, place: place, key: String(parts[0])), file: place)
  }

  /// The methods of `compare`: each names what differs from `method`.
  private static func methods(_ setting: Setting, base: ExperimentLayers) throws -> [Method] {
    if case .scalar(let scalar) = setting.node, scalar.string == "none" { return [] }
    guard case .sequence(let items) = setting.node else {
      throw setting.error("compare must be none or a list of methods such as [{name: ewc}]")
    }
    return try items.map { item in
      var layers = base
      var node = item
      if case .scalar = item { node = Node([(Node("name"), item)]) }
      guard case .mapping(let mapping) = node else {
        throw setting.error("compare must list methods such as {name: ewc, lambda: 100}")
      }
      let file = setting.place.split(separator: ":").first.map(String.init) ?? setting.place
      try layers.lay(
        leaves(of: mapping, prefix: "method.", file: file).map { leaf in
          let place = leaf.place == file ? setting.place : leaf.place
          return Setting(node: leaf.node, place: place, key: leaf.key)
        })
      return layers.experiment.method
    }
  }
}
