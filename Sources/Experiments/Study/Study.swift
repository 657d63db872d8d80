import Foundation
public import Reports

/// Many experiments that differ in settings and seeds: what `hebb study` runs.
///
/// It is read from a YAML file that names a base experiment, a grid of settings, variants, and
/// seeds; every combination is a cell. All cells are complete and valid once this exists.
public struct Study: Sendable {
  public let name: String
  public let title: String
  /// The file as its author wrote it.
  public let text: String
  /// Grid keys in the order of the file, then `variant`.
  public let axes: [StudyResult.Axis]
  /// Keys that only variants and `with` set.
  public let otherKeys: [String]
  public let seeds: [UInt64]
  public let plots: [StudyPlot]
  /// A value for some of the axes, which all groups are compared with; empty without.
  public let baseline: [StudyResult.Setting]
  /// The first axis changes slowest, seeds fastest.
  public private(set) var cells: [StudyCell]

  /// Reads a study and its base experiment.
  ///
  /// - Parameters:
  ///   - file: Its path; that of the base is relative to it.
  ///   - sets: `a.b=value` arguments, which win over everything but the axes.
  /// - Throws: ``ConfigurationError``: one sentence with file and line, key and remedy.
  public init(file: String, sets: [String] = []) throws {
    let (text, isBundled) = try Bundled.study(file)
    self.text = text
    let draft = try StudyDraft(yaml: text, file: file)
    name = draft.name
    title = draft.title
    seeds = draft.seeds
    let expansion = try StudyExpansion(
      draft, base: Self.base(draft, isBundled: isBundled), sets: sets)
    axes = expansion.axes
    otherKeys = expansion.otherKeys
    baseline = expansion.baseline
    cells = try expansion.cells(seeds: draft.seeds)
    let shape = StudyResult(
      name: name, title: title, command: "", file: text, axes: axes, otherKeys: otherKeys,
      plots: [], cells: cells.map { $0.result(nil, folder: $0.name) })
    plots = try draft.plots.map { try StudyPlotReader(shape).plot($0, file: file) }
  }

  /// A copy of the study with other experiments in its cells.
  public func mapExperiments(_ transform: (StudyCell) throws -> Experiment) rethrows -> Study {
    var study = self
    study.cells = try cells.map { cell in
      StudyCell(
        place: cell.place, axes: axes.map(\.name), experiment: try transform(cell))
    }
    return study
  }

  /// What has been found so far.
  ///
  /// - Parameters:
  ///   - command: The exact command to repeat the study.
  ///   - cells: One for each cell, in their order.
  public func result(command: String, cells: [StudyResult.Cell]) -> StudyResult {
    StudyResult(
      name: name, title: title, command: command, file: text, axes: axes, otherKeys: otherKeys,
      plots: plots, baseline: baseline, cells: cells)
  }

  /// The settings of the base experiment, before those of the study.
  private static func base(_ draft: StudyDraft, isBundled: Bool) throws -> [FileSetting] {
    switch draft.base {
    case .inline(let settings): return settings
    case .file(let reference):
      let path = try reference.text()
      let name = isBundled ? path.split(separator: "/").last.map(String.init) ?? path : path
      let folder = URL(fileURLWithPath: draft.file).deletingLastPathComponent().relativePath
      let place = path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
      guard
        let text = try (isBundled ? nil : TextFile.read(place, kind: "an experiment file"))
          ?? Bundled.experiment(named: name)
      else {
        throw reference.error(
          "there is no experiment file \(place); base is relative to the study file, or the name "
            + "of a bundled experiment")
      }
      return try Experiment.settings(in: text, file: place)
    }
  }
}
