import Reports
import Settings
import Yams

/// Reads the plots of a study file and checks that they can be drawn of its cells.
struct StudyPlotReader {
  private let study: StudyResult

  /// - Parameter study: Its cells, whether done or not.
  init(_ study: StudyResult) { self.study = study }

  /// Settings that differ between cells.
  private var settings: [String] { study.axes.map(\.name) + study.otherKeys }

  private var figures: [String] { StudyFigure.all.map(\.name) }

  /// - Throws: ``ConfigurationError``.
  func plot(_ item: FileSetting, file: String) throws -> StudyPlot {
    guard case .mapping(let mapping) = item.node else {
      throw item.error("plots must list mappings such as {x: method.lambda, y: accuracy}")
    }
    let parts = try FileSetting.entries(of: mapping, file: file)
    let keys = ["x", "y", "by", "where", "kind", "scale"]
    for part in parts where !keys.contains(part.key) {
      throw part.unknown("a plot's part", among: keys)
    }
    func part(_ key: String) -> FileSetting? { parts.first { $0.key == key } }
    guard let x = part("x"), let y = part("y") else {
      throw item.error("a plot needs x and y; add what is missing")
    }
    let kind = try part("kind")?.choice(StudyPlot.Kind.self) ?? .line
    var plot = StudyPlot(
      x: try abscissa(x, of: kind), y: try figure(y), by: try part("by").map(setting))
    plot.kind = kind
    plot.conditions = try part("where").map { try conditions($0, file: file) } ?? []
    if kind == .curve, plot.y.name != "accuracy" {
      throw y.error("kind curve draws what is sampled over time; give y: accuracy")
    }
    plot.scale = try part("scale")?.choice(StudyPlot.Scale.self) ?? plot.usualScale
    if [.pareto, .scatter].contains(plot.kind), case .setting = plot.x {
      throw x.error(
        "kind \(plot.kind.rawValue) weighs two figures against each other; give a figure as x")
    }
    if plot.scale == .log, case .setting(let name) = plot.x {
      for value in study.values(of: name) where Double(value).map({ $0 > 0 }) != true {
        throw x.error("scale log needs numbers above 0, and \(name) takes \(value)")
      }
    }
    return plot
  }

  /// Settings with one of their values each.
  private func conditions(_ part: FileSetting, file: String) throws -> [StudyResult.Setting] {
    guard case .mapping(let mapping) = part.node else {
      throw part.error("where must be a mapping of settings to values, as {variant: dense}")
    }
    return try Experiment.leaves(of: mapping, prefix: "", file: file).map { entry in
      guard settings.contains(entry.key) else {
        throw unknown(entry, entry.key, "no setting that the study varies", among: settings)
      }
      let (value, known) = (try entry.text(), study.values(of: entry.key))
      guard known.contains(value) else {
        throw unknown(entry, value, "no value of it in the study", among: known)
      }
      return StudyResult.Setting(key: entry.key, value: value)
    }
  }

  private func abscissa(_ part: FileSetting, of kind: StudyPlot.Kind) throws -> StudyPlot.Abscissa {
    let name = try part.text()
    switch (kind == .curve, name == StudyPlot.Abscissa.time.name) {
    case (true, true): return .time
    case (true, false): throw part.error("kind curve goes over time; give x: seconds")
    case (false, true):
      throw part.error("x: seconds goes with kind: curve; virtual_seconds is how long a run took")
    case (false, false): break
    }
    if settings.contains(name) { return .setting(name) }
    if let figure = StudyFigure.named(name) { return .figure(figure) }
    throw unknown(part, name, "neither a setting that the study varies nor a figure")
  }

  private func figure(_ part: FileSetting) throws -> StudyFigure {
    let name = try part.text()
    guard let figure = StudyFigure.named(name) else {
      throw unknown(part, name, "no figure", among: figures)
    }
    return figure
  }

  private func setting(_ part: FileSetting) throws -> String {
    let name = try part.text()
    guard settings.contains(name) else {
      throw unknown(part, name, "no setting that the study varies", among: settings)
    }
    return name
  }

  private func unknown(
    _ part: FileSetting, _ name: String, _ what: String, among words: [String]? = nil
  ) -> ConfigurationError {
    let words = words ?? settings + figures
    let hint = nearest(to: name, among: words).map { "did you mean \"\($0)\"?" }
    return part.error(
      "plots: \(part.key) is \"\(name)\", which is \(what); "
        + (hint ?? "there are \(words.joined(separator: ", "))"))
  }
}
