import Reports
import Settings
import Yams

/// Every combination of a study's settings.
struct StudyExpansion {
  /// A value of an axis: its name and what it sets.
  private struct Level {
    let name: String
    let settings: [FileSetting]
  }

  private struct Dimension {
    let name: String
    let choices: [Level]
  }

  /// For each condition the axis and the values that match.
  private struct Pattern {
    let conditions: [(axis: Int, values: [String])]

    func matches(_ place: [String]) -> Bool {
      conditions.allSatisfy { $0.values.contains(place[$0.axis]) }
    }
  }

  let otherKeys: [String]
  let baseline: [StudyResult.Setting]
  private let file: String
  private let prototype: ExperimentLayers
  /// `compare` of the base, which a cell's method replaces.
  private let comparison: FileSetting?
  private let dimensions: [Dimension]
  private let rules: [(pattern: Pattern, settings: [FileSetting])]
  private let exclusions: [Pattern]
  private let overrides: [FileSetting]

  /// - Parameters:
  ///   - base: Settings of the base experiment.
  ///   - sets: Arguments, which come last.
  /// - Throws: ``ConfigurationError``.
  init(_ draft: StudyDraft, base: [FileSetting], sets: [String]) throws {
    file = draft.file
    let comparison = base.last { $0.key == "compare" }
    let arguments = try sets.flatMap(Experiment.settings)
    let common = draft.settings + arguments
    let isOfOne = common.contains { ["method.name", "compare"].contains($0.key) }
    self.comparison = isOfOne || comparison?.isNone == true ? nil : comparison
    overrides = arguments.filter { $0.key != "compare" }
    func plain(_ layer: [FileSetting]) -> [FileSetting] { layer.filter { $0.key != "compare" } }
    var layers = ExperimentLayers()
    try layers.lay(plain(base), for: Experiment.reach(of: comparison, orChosen: true))
    for layer in [draft.settings, overrides] { try layers.lay(plain(layer), for: .any) }
    prototype = layers
    let experiment = layers.experiment
    let dimensions = try Self.dimensions(draft, on: experiment)
    self.dimensions = dimensions
    rules = try draft.rules.map {
      (try Self.pattern($0.conditions, dimensions, on: experiment), $0.settings)
    }
    exclusions = try draft.exclusions.map { try Self.pattern($0, dimensions, on: experiment) }
    baseline = try draft.baseline.map { setting in
      let (axis, values) = try Self.condition(setting, dimensions, on: experiment)
      guard values.count == 1 else {
        throw setting.error(
          "baseline: \(setting.key) must be one value; each group has one baseline")
      }
      return StudyResult.Setting(key: dimensions[axis].name, value: values[0])
    }
    var others: [String] = []
    for setting in draft.variants.flatMap(\.settings) + draft.rules.flatMap(\.settings) {
      if draft.grid.contains(where: { $0.key == setting.key }) {
        throw setting.error("\(setting.key) is in the grid; it cannot be set here too")
      }
      if !others.contains(setting.key) { others.append(setting.key) }
    }
    otherKeys = others
    let varied = draft.grid.map(\.key) + draft.variants.flatMap(\.settings).map(\.key)
    for setting in arguments {
      try StudyDraft.refuseSpecial(setting, mayCompareNone: true)
      if varied.contains(setting.key) {
        throw setting.error("the study varies \(setting.key); change its file instead")
      }
    }
  }

  // MARK: Axes

  var axes: [StudyResult.Axis] {
    dimensions.map { StudyResult.Axis(name: $0.name, values: $0.choices.map(\.name)) }
  }

  private static func dimensions(
    _ draft: StudyDraft, on experiment: Experiment
  ) throws -> [Dimension] {
    var dimensions = try draft.grid.map { setting in
      let choices = try setting.items("values").map { item in
        Level(name: try canonical(item, on: experiment), settings: [item])
      }
      for (index, choice) in choices.enumerated()
      where choices[..<index].contains(where: { $0.name == choice.name }) {
        throw setting.error("grid: \(setting.key) has \(choice.name) twice")
      }
      return Dimension(name: setting.key, choices: choices)
    }
    if !draft.variants.isEmpty {
      dimensions.append(
        Dimension(
          name: "variant",
          choices: draft.variants.map { Level(name: $0.name.key, settings: $0.settings) }))
    }
    return dimensions
  }

  /// A value as a resolved experiment writes it, so that `1` and `1.0` are the same. Where the
  /// chosen kind has no such key, it is as the first kind with it that takes the value writes it.
  private static func canonical(
    _ setting: FileSetting, on experiment: Experiment
  ) throws(ConfigurationError) -> String {
    let keys =
      ExperimentFile.key(setting.key, of: experiment).map { [$0] }
      ?? ExperimentFile.keys(named: setting.key).map(\.key)
    var problem = Experiment.unknown(setting)
    for (index, key) in keys.enumerated() {
      var experiment = experiment
      do {
        try experiment.apply(setting, key)
        return key.write(experiment)
      } catch {
        if index == 0 { problem = error }
      }
    }
    throw problem
  }

  private static func pattern(
    _ conditions: [FileSetting], _ dimensions: [Dimension], on experiment: Experiment
  ) throws -> Pattern {
    Pattern(conditions: try conditions.map { try condition($0, dimensions, on: experiment) })
  }

  /// An axis with one or several of its values.
  private static func condition(
    _ condition: FileSetting, _ dimensions: [Dimension], on experiment: Experiment
  ) throws -> (axis: Int, values: [String]) {
    guard let axis = dimensions.firstIndex(where: { $0.name == condition.key }) else {
      throw condition.unknown("in the grid", among: dimensions.map(\.name))
    }
    let known = dimensions[axis].choices.map(\.name)
    // A list names several values, but for keys whose single value is a list.
    var options = [condition]
    if case .sequence = condition.node, (try? canonical(condition, on: experiment)) == nil {
      options = try condition.items("values")
    }
    let values = try options.map { option in
      let value =
        condition.key == "variant"
        ? try option.text() : try canonical(option, on: experiment)
      guard known.contains(value) else {
        let near = nearest(to: value, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        throw option.error("no cell has \(condition.key) \(value)\(near)")
      }
      return value
    }
    return (axis, values)
  }

  // MARK: Cells

  /// More than anybody can wait for.
  private static let countMaximum = 100_000.0

  /// All cells: the first axis changes slowest, seeds fastest.
  func cells(seeds: [UInt64]) throws -> [StudyCell] {
    let count = dimensions.reduce(Double(seeds.count)) { $0 * Double($1.choices.count) }
    guard count <= Self.countMaximum else {
      throw ConfigurationError(
        "\(file): the grid has \(shortest(count)) combinations with its seeds; a study has at most "
          + "\(shortest(Self.countMaximum))")
    }
    var cells: [StudyCell] = []
    var known: [String: String] = [:]
    var uses = SettingUses()
    for choices in combinations {
      let place = choices.map(\.name)
      if exclusions.contains(where: { $0.matches(place) }) { continue }
      let experiment = try experiment(choices, place, &uses)
      for seed in seeds {
        var seeded = experiment
        seeded.seed = seed
        let cell = StudyCell(place: place, axes: dimensions.map(\.name), experiment: seeded)
        if let twin = known[cell.hash] {
          throw ConfigurationError(
            "\(file): the cells \(twin) and \(describe(place)) are the same experiment; drop one "
              + "under without")
        }
        known[cell.hash] = describe(place)
        cells.append(cell)
      }
    }
    try uses.check()
    guard !cells.isEmpty else {
      throw ConfigurationError("\(file): without leaves no cell; drop one of its conditions")
    }
    return cells
  }

  private var combinations: [[Level]] {
    dimensions.reduce([[]]) { lists, dimension in
      lists.flatMap { list in dimension.choices.map { list + [$0] } }
    }
  }

  private func experiment(
    _ choices: [Level], _ place: [String], _ uses: inout SettingUses
  ) throws -> Experiment {
    var layers = prototype
    let settings =
      choices.flatMap(\.settings)
      + rules.filter { $0.pattern.matches(place) }.flatMap(\.settings)
    // Arguments win over `with`.
    for layer in [settings, overrides] { try layers.lay(layer, for: .any) }
    uses.enter(layers)
    let experiment = layers.experiment
    if let comparison, !settings.contains(where: { $0.key == "method.name" }) {
      throw comparison.error(
        "the base compares methods and a cell runs one; give the study method.name in its grid")
    }
    try experiment.validate(place: "\(file): cell \(describe(place))")
    return experiment
  }

  /// A cell in words, for errors.
  private func describe(_ place: [String]) -> String {
    zip(dimensions, place).map { "\($0.name) \($1)" }.joined(separator: ", ")
  }
}

/// Which settings of a study count in some cell: one that counts in none is a mistake.
private struct SettingUses {
  private var used: Set<String> = []
  private var idle: [String: FileSetting] = [:]
  private var order: [String] = []

  /// Enters the settings of a cell.
  mutating func enter(_ layers: ExperimentLayers) {
    used.formUnion(layers.settled.map(Self.name))
    for setting in layers.idle where idle.updateValue(setting, forKey: Self.name(setting)) == nil {
      order.append(Self.name(setting))
    }
  }

  private static func name(_ setting: FileSetting) -> String { setting.place + " " + setting.key }

  /// - Throws: ``ConfigurationError`` for the first setting that no cell's kind has.
  func check() throws(ConfigurationError) {
    guard let name = order.first(where: { !used.contains($0) }), let setting = idle[name],
      let choice = ExperimentFile.choice(of: setting.key)
    else { return }
    throw setting.error(
      "\(setting.key) belongs to \(enumeration(choice.owners(of: setting.key))), which no cell "
        + "with it has for \(choice.path); drop it")
  }
}
