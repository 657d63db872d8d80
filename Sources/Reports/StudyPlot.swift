/// A picture that a study asks for: one figure over a setting or over another figure.
public struct StudyPlot: Sendable, Hashable {
  /// What runs from left to right.
  public enum Abscissa: Sendable, Hashable {
    /// A setting that differs between cells, or `variant`.
    case setting(String)
    case figure(StudyFigure)
    /// Seconds on the run's clock, for curves.
    case time

    /// As study files call it.
    public var name: String {
      switch self {
      case .setting(let name): name
      case .figure(let figure): figure.name
      case .time: "seconds"
      }
    }
  }

  /// What is drawn.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Means with their intervals, connected.
    case line
    /// Means with the front: those that no other beats in both figures.
    case pareto
    /// Means, with the rank correlation of the two figures over the groups.
    case scatter
    /// Accuracy over time: the mean of each group's runs.
    case curve
  }

  /// How the abscissa is divided.
  public enum Scale: String, Sendable, Hashable, CaseIterable {
    case linear, log
  }

  /// From left to right.
  public var x: Abscissa
  /// From below upwards.
  public var y: StudyFigure
  /// The setting that has a line, and a colour, for each of its values.
  public var by: String?
  /// Values of settings that all that is drawn has; empty: everything is drawn.
  public var conditions: [StudyResult.Setting] = []
  public var kind = Kind.line
  public var scale = Scale.linear

  /// How the abscissa is divided where nobody says: by factors where bytes are traded.
  public var usualScale: Scale {
    guard kind == .pareto, case .figure(let figure) = x, figure.form == .bytes else {
      return .linear
    }
    return .log
  }

  /// A plot of connected means on a linear scale.
  public init(x: Abscissa, y: StudyFigure, by: String? = nil) {
    self.x = x
    self.y = y
    self.by = by
  }
}
