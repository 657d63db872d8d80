import Reports
import Settings
import Yams

/// A study file as it is written: what it sets and where, before anything is combined.
///
/// What `set`, the grid, variants and `with` give a kind (`method.fisher`) is for the cells whose
/// kinds have it, and changes nothing in the others: a study over methods may set what only some of
/// them have. What no cell has is refused. An axis that some of the cells' kinds do not have makes
/// them the same experiment several times, which is refused, too; `without` drops all but one. What
/// the base experiment gives a kind goes with it, as in any file (``ExperimentLayers``).
struct StudyDraft {
  /// Where the experiment comes from that all cells begin with.
  enum Base {
    case file(FileSetting)
    case inline([FileSetting])
  }

  /// A named bundle of settings.
  struct Variant {
    let name: FileSetting
    let settings: [FileSetting]
  }

  /// Extra settings for the cells that match.
  struct Rule {
    /// Each names an axis and one or several of its values.
    let conditions: [FileSetting]
    let settings: [FileSetting]
  }

  let file: String
  private(set) var name: String
  private(set) var title = ""
  private(set) var base: Base
  private(set) var settings: [FileSetting] = []
  /// Each is a key with a list of its values.
  private(set) var grid: [FileSetting] = []
  private(set) var variants: [Variant] = []
  private(set) var rules: [Rule] = []
  /// Conditions under which a combination is no cell.
  private(set) var exclusions: [[FileSetting]] = []
  private(set) var seeds: [UInt64] = [1]
  /// Each names an axis and one of its values.
  private(set) var baseline: [FileSetting] = []
  private(set) var plots: [FileSetting] = []

  private static let keys = [
    "name", "title", "base", "experiment", "set", "grid", "variants", "with", "without", "seeds",
    "baseline", "plots",
  ]

  /// - Throws: ``ConfigurationError``.
  init(yaml: String, file: String) throws {
    self.file = file
    let last = file.split(separator: "/").last.map(String.init) ?? file
    name = last.split(separator: ".").first.map(String.init) ?? last
    base = .inline([])
    let parts = try Self.parts(yaml, file: file)
    func part(_ key: String) -> FileSetting? { parts.first { $0.key == key } }
    name = try part("name")?.text() ?? name
    title = try part("title")?.text() ?? name
    switch (part("base"), part("experiment")) {
    case (let path?, nil): base = .file(path)
    case (nil, let inline?): base = .inline(try Self.settings(inline, file: file))
    case (.some, let inline?):
      throw inline.error("a study has base or experiment, not both; drop one of them")
    case (nil, nil):
      throw ConfigurationError(
        "\(file): a study begins with base: FILE or experiment: {…}; add one of them")
    }
    if let part = part("set") {
      settings = try Self.settings(part, file: file)
      for setting in settings { try Self.refuseSpecial(setting, mayCompareNone: true) }
    }
    try readAxes(grid: part("grid"), variants: part("variants"))
    if let part = part("with") { rules = try part.items("{when: {…}, set: {…}}").map(rule) }
    if let part = part("without") {
      exclusions = try part.items("conditions, as {method.name: si, variant: fast}").map { item in
        let conditions = try Self.settings(item, file: file)
        guard !conditions.isEmpty else {
          throw item.error("without has an empty condition, which leaves no cell; fill or drop it")
        }
        return conditions
      }
    }
    if let part = part("seeds") { seeds = try Self.seeds(part) }
    if let part = part("baseline") {
      baseline = try Self.settings(part, file: file)
      if baseline.isEmpty {
        throw part.error("the baseline is empty; name a variant or a value of the grid's keys")
      }
    }
    plots = try part("plots")?.items("{x: …, y: …}") ?? []
  }

  /// The top of the file.
  private static func parts(_ yaml: String, file: String) throws -> [FileSetting] {
    guard case .mapping(let mapping)? = try YAMLText.root(yaml, file: file) else {
      throw ConfigurationError(
        "\(file): a study is a mapping with base or experiment, grid, seeds and plots")
    }
    let parts = try FileSetting.entries(of: mapping, file: file)
    for part in parts where !keys.contains(part.key) {
      throw part.unknown("a study's part", among: keys)
    }
    return parts
  }

  private mutating func readAxes(grid: FileSetting?, variants: FileSetting?) throws {
    if let grid {
      self.grid = try Self.settings(grid, file: file)
      if self.grid.isEmpty {
        throw grid.error("the grid is empty; give a key with a list, as method.name: [none, ewc]")
      }
    }
    for setting in self.grid {
      try Self.refuseSpecial(setting)
      guard case .sequence(let values) = setting.node, !values.isEmpty else {
        throw setting.error("grid: \(setting.key) must be a list of values, as [1, 2]")
      }
    }
    if let variants {
      guard case .mapping(let mapping) = variants.node, !mapping.isEmpty else {
        throw variants.error("variants must map names to settings, as fast: {optimizer.rate: 0.1}")
      }
      self.variants = try FileSetting.entries(of: mapping, file: file).map { entry in
        let settings = try Self.settings(entry, file: file)
        for setting in settings { try Self.refuseSpecial(setting) }
        return Variant(name: entry, settings: settings)
      }
    }
    if self.grid.isEmpty && self.variants.isEmpty {
      throw ConfigurationError("\(file): a study needs a grid or variants; add one of them")
    }
  }

  private func rule(_ item: FileSetting) throws -> Rule {
    guard case .mapping(let mapping) = item.node else {
      throw item.error("with must list rules such as {when: {method.name: mas}, set: {…}}")
    }
    let parts = try FileSetting.entries(of: mapping, file: file)
    for part in parts where !["when", "set"].contains(part.key) {
      throw part.unknown("a rule's part", among: ["when", "set"])
    }
    guard let when = parts.first(where: { $0.key == "when" }),
      let set = parts.first(where: { $0.key == "set" })
    else { throw item.error("a rule has both when and set; add what is missing") }
    let rule = Rule(
      conditions: try Self.settings(when, file: file), settings: try Self.settings(set, file: file))
    guard !rule.conditions.isEmpty, !rule.settings.isEmpty else {
      throw item.error("a rule has something in when and in set; move what is for all cells to set")
    }
    for setting in rule.settings { try Self.refuseSpecial(setting) }
    return rule
  }

  private static func seeds(_ part: FileSetting) throws -> [UInt64] {
    let seeds = try part.items("whole numbers").map { try $0.seed() }
    guard !seeds.isEmpty else { throw part.error("seeds must be a list such as [1, 2, 3]") }
    for (index, seed) in seeds.enumerated() where seeds[..<index].contains(seed) {
      throw part.error("seeds has \(seed) twice")
    }
    return seeds
  }

  /// Settings in a mapping, nested or dotted.
  private static func settings(_ part: FileSetting, file: String) throws -> [FileSetting] {
    switch part.node {
    case .mapping(let mapping): return try Experiment.leaves(of: mapping, prefix: "", file: file)
    case .scalar(let scalar) where scalar.string.isEmpty: return []
    default: throw part.error("\(part.key) must be a mapping of keys to values")
    }
  }

  /// Two keys of an experiment are the study's own business.
  ///
  /// - Parameter mayCompareNone: Whether `compare: none` may stand there.
  static func refuseSpecial(_ setting: FileSetting, mayCompareNone: Bool = false) throws {
    switch setting.key {
    case "seed": throw setting.error("a study lists its seeds under seeds, not as a setting")
    // None is what a cell does: it runs one method.
    case "compare" where !(mayCompareNone && setting.isNone):
      throw setting.error("a cell runs one method; list them in the grid as method.name: […]")
    default: break
    }
  }
}

extension FileSetting {
  /// Whether its value is the word `none`.
  var isNone: Bool {
    if case .scalar(let scalar) = node { return scalar.string == "none" }
    return false
  }

  /// The entries of a mapping with their places.
  static func entries(of mapping: Node.Mapping, file: String) throws -> [FileSetting] {
    try mapping.map { name, value in
      let place = name.mark.map { "\(file):\($0.line)" } ?? file
      guard case .scalar(let scalar) = name else {
        throw ConfigurationError("\(place): a key must be a word")
      }
      return FileSetting(node: value, place: place, key: scalar.string)
    }
  }

  /// The items of a list, each with its own line.
  ///
  /// - Parameter what: What the list should hold, for the message.
  func items(_ what: String) throws -> [FileSetting] {
    guard case .sequence(let items) = node else { throw error("\(key) must be a list of \(what)") }
    let file = place.split(separator: ":").dropLast().joined(separator: ":")
    return items.map { item in
      let itsPlace = item.mark.map { "\(file):\($0.line)" } ?? place
      return FileSetting(node: item, place: itsPlace, key: key)
    }
  }

  /// An error for a key that nobody knows.
  func unknown(_ what: String, among words: [String]) -> ConfigurationError {
    let hint = nearest(to: key, among: words).map { "did you mean \"\($0)\"?" }
    return error(
      "\"\(key)\" is not \(what); \(hint ?? "there are \(words.joined(separator: ", "))")")
  }
}
