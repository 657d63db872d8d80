public import Metrics

/// What a study found: its cells, done or missing, in the order of its grid.
public struct StudyResult: Sendable {
  /// A setting that differs between cells, with its values in their order; or `variant`.
  public struct Axis: Sendable, Hashable {
    public let name: String
    public let values: [String]

    /// - Parameters:
    ///   - name: A key, or the name of the variants.
    ///   - values: As they are written, in the study's order.
    public init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// A key of the experiment with its value as YAML.
  public struct Setting: Sendable, Hashable {
    public let key: String
    public let value: String

    /// - Parameters:
    ///   - key: Of the experiment.
    ///   - value: As it is written.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// One experiment with one seed.
  public struct Cell: Sendable {
    /// SHA-256 of the resolved experiment as 64 hexadecimal digits.
    public let hash: String
    /// Name of its folder under `cells/`.
    public let folder: String
    /// Its value on each axis.
    public let place: [String]
    public let seed: UInt64
    /// Every key of the experiment.
    public let settings: [Setting]
    /// By name; `nil` while the cell is missing.
    public let figures: [String: Double]?
    /// Its accuracy over time; empty while the cell is missing.
    public let moments: [Moment]
    /// Whether its method is a bound rather than a method.
    public let isBound: Bool
    /// What it was made with, if that is known.
    public let provenance: Provenance?

    /// - Parameter run: What the cell found, if it is done.
    public init(
      hash: String, folder: String, place: [String], seed: UInt64, settings: [Setting],
      run: RunResult?
    ) {
      self.hash = hash
      self.folder = folder
      self.place = place
      self.seed = seed
      self.settings = settings
      figures = run.map { run in
        var figures: [String: Double] = [:]
        for figure in StudyFigure.all { figures[figure.name] = figure.value(in: run) }
        return figures
      }
      moments = run?.moments ?? []
      isBound = run?.isBound ?? false
      provenance = run?.provenance
    }

    /// `complete` or `missing`.
    public var status: String { figures == nil ? "missing" : "complete" }

    /// A figure of it, if it is there.
    public func value(_ figure: StudyFigure) -> Double? { figures?[figure.name] }
  }

  /// The cells that differ only in the seed.
  public struct Group: Sendable {
    /// Their value on each axis.
    public let place: [String]
    public let cells: [Cell]

    /// A figure over the cells that have it.
    public func sample(_ figure: StudyFigure) -> Sample? {
      Sample(cells.compactMap { $0.value(figure) })
    }

    /// Cells that are done.
    public var completeCount: Int { cells.count { $0.figures != nil } }

    /// Whether its method is a bound rather than a method.
    public var isBound: Bool { cells.contains { $0.isBound } }
  }

  /// What the study is called.
  public let name: String
  public let title: String
  /// The exact command to repeat the study.
  public let command: String
  /// The study file as its author wrote it.
  public let file: String
  public let axes: [Axis]
  /// Keys that differ between cells by other ways than an axis of their own: those that variants
  /// and `with` set.
  public let otherKeys: [String]
  public let plots: [StudyPlot]
  /// A value for some of the axes: each group is compared with the one that has these and is equal
  /// in all others. Empty where the study compares with none.
  public let baseline: [Setting]
  public let cells: [Cell]

  /// What a study found; the parameters are the properties of these names.
  public init(
    name: String, title: String, command: String, file: String, axes: [Axis],
    otherKeys: [String], plots: [StudyPlot], baseline: [Setting] = [], cells: [Cell]
  ) {
    self.name = name
    self.title = title
    self.command = command
    self.file = file
    self.axes = axes
    self.otherKeys = otherKeys
    self.plots = plots
    self.baseline = baseline
    self.cells = cells
  }

  /// In the order of the grid.
  public var groups: [Group] {
    var groups: [[String]: Int] = [:]
    var members: [[Cell]] = []
    for cell in cells {
      if let index = groups[cell.place] {
        members[index].append(cell)
      } else {
        groups[cell.place] = members.count
        members.append([cell])
      }
    }
    return members.map { Group(place: $0[0].place, cells: $0) }
  }

  /// Cells that are done.
  public var completeCount: Int { cells.count { $0.figures != nil } }

  /// A cell's value of a setting: its place on the axis of that name, or what its experiment says.
  public func value(of setting: String, in cell: Cell) -> String {
    if let axis = axes.firstIndex(where: { $0.name == setting }) { return cell.place[axis] }
    return cell.settings.first { $0.key == setting }?.value ?? "–"
  }

  /// The values of a setting, in the order of the grid.
  public func values(of setting: String) -> [String] {
    if let axis = axes.first(where: { $0.name == setting }) { return axis.values }
    var values: [String] = []
    for cell in cells {
      let value = value(of: setting, in: cell)
      if !values.contains(value) { values.append(value) }
    }
    return values
  }

  /// What tells a group from the others, without the settings named.
  func label(_ place: [String], without names: [String] = []) -> String {
    zip(axes, place).filter { axis, _ in axis.values.count > 1 && !names.contains(axis.name) }
      .map { axis, value in
        let isWord = value.first?.isLetter == true
        return isWord ? value : "\(Self.shortName(axis.name)) \(value)"
      }.joined(separator: ", ")
  }

  /// The axes in few letters, each different.
  var columnNames: [String] {
    let names = axes.map { Self.shortName($0.name) }
    return names.indices.map { index in
      names.count { $0 == names[index] } == 1 ? names[index] : axes[index].name
    }
  }

  /// A key in tables and beside values.
  static func shortName(_ key: String) -> String { KeySymbol(key).short }
}
