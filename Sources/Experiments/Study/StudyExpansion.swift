import Reports
import Yams

/// Every combination of a study's settings.
struct StudyExpansion {
  /// A value of an axis: its name and what it sets.
  private struct Choice {
    let name: String
    let settings: [Setting]
  }

  private struct Dimension {
    let name: String
    let choices: [Choice]
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
  private let comparison: Setting?
  private let dimensions: [Dimension]
  private let rules: [(pattern: Pattern, settings: [Setting])]
  private let exclusions: [Pattern]
  private let overrides: [Setting]

  /// - Parameters:
  ///   - base: Settings of the base experiment.
  ///   - sets: Arguments, which come last.
  /// - Throws: ``ConfigurationError``.
  init(_ draft: StudyDraft, base: [Setting], sets: [String]) throws {
    file = draft.file
    let comparison = base.last { $0.key == "compare" }
    let arguments = try sets.flatMap(Experiment.settings)
    let common = draft.settings + arguments
    let isOfOne = common.contains { ["method.name", "compare"].contains($0.key) }
    self.comparison = isOfOne || comparison?.isNone == true ? nil : comparison
    overrides = arguments.filter { $0.key != "compare" }
    var layers = ExperimentLayers()
    for layer in [base, draft.settings, overrides] {
      try layers.lay(layer.filter { $0.key != "compare" })
    }
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
        Choice(name: try canonical(item, on: experiment), settings: [item])
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
          choices: draft.variants.map { Choice(name: $0.name.key, settings: $0.settings) }))
    }
    return dimensions
  }

  /// A value as a resolved experiment writes it, so that `1` and `1.0` are the same.
  private static func canonical(_ setting: Setting, on experiment: Experiment) throws -> String {
    var experiment = experiment
    try experiment.apply(setting)
    return Key.all.first { $0.path == setting.key }?.write(experiment) ?? ""
  }

  private static func pattern(
    _ conditions: [Setting], _ dimensions: [Dimension], on experiment: Experiment
  ) throws -> Pattern {
    Pattern(conditions: try conditions.map { try condition($0, dimensions, on: experiment) })
  }

  /// An axis with one or several of its values.
  private static func condition(
    _ condition: Setting, _ dimensions: [Dimension], on experiment: Experiment
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
        "\(file): the grid has \(yaml(count)) combinations with its seeds; a study has at most "
          + "\(yaml(Self.countMaximum))")
    }
    var cells: [StudyCell] = []
    var known: [String: String] = [:]
    for choices in combinations {
      let place = choices.map(\.name)
      if exclusions.contains(where: { $0.matches(place) }) { continue }
      let experiment = try experiment(choices, place)
      for seed in seeds {
        var seeded = experiment
        seeded.seed = seed
        let cell = StudyCell(place: place, axes: dimensions.map(\.name), experiment: seeded)
        if let twin = known[cell.hash] {
          throw ConfigurationError(
            "\(file): the cells \(twin) and \(describe(place)) are the same experiment; drop one")
        }
        known[cell.hash] = describe(place)
        cells.append(cell)
      }
    }
    guard !cells.isEmpty else {
      throw ConfigurationError("\(file): without leaves no cell; drop one of its conditions")
    }
    return cells
  }

  private var combinations: [[Choice]] {
    dimensions.reduce([[]]) { lists, dimension in
      lists.flatMap { list in dimension.choices.map { list + [$0] } }
    }
  }

  private func experiment(_ choices: [Choice], _ place: [String]) throws -> Experiment {
    var layers = prototype
    let settings =
      choices.flatMap(\.settings)
      + rules.filter { $0.pattern.matches(place) }.flatMap(\.settings)
    // Arguments win over `with`.
    for layer in [settings, overrides] { try layers.lay(layer) }
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
