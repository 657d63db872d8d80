import Foundation
import Streams

/// A figure of a run that a study tabulates, stores and draws.
public struct StudyFigure: Sendable, Hashable {
  /// How its values are written for people.
  enum Form: Sendable, Hashable {
    /// A fraction, written in per cent without the sign.
    case percent
    /// A fraction, written in per cent with its sign.
    case signedPercent
    case bytes, seconds, number
  }

  /// As study files and tables call it: the key of `result.json`.
  public let name: String
  /// As axes and headings call it.
  let title: String
  let form: Form
  /// What counts as better where a front is drawn; costs and skews are better small.
  let isBetterHigh: Bool
  private let read: @Sendable (RunResult) -> Double?

  private init(
    _ name: String, _ title: String, _ form: Form, isBetterHigh: Bool = false,
    _ read: @escaping @Sendable (RunResult) -> Double?
  ) {
    self.name = name
    self.title = title
    self.form = form
    self.isBetterHigh = isBetterHigh
    self.read = read
  }

  /// The figure in a run; `nil` where it is absent or not finite.
  public func value(in run: RunResult) -> Double? { read(run).flatMap(finite) }

  /// The figure of that name; `communication` is another name of `bytes`.
  public static func named(_ name: String) -> StudyFigure? {
    let name = name == "communication" ? bytes.name : name
    return all.first { $0.name == name }
  }

  /// Two figures are the same when they have the same name.
  public static func == (a: StudyFigure, b: StudyFigure) -> Bool { a.name == b.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  static let accuracy = StudyFigure("accuracy", "ACC", .percent, isBetterHigh: true) {
    $0.accuracy
  }
  static let backwardTransfer = StudyFigure(
    "backward_transfer", "BWT", .signedPercent, isBetterHigh: true
  ) {
    $0.backwardTransfer
  }
  static let forgetting = StudyFigure("forgetting", "forgetting", .percent) { $0.forgetting }
  static let bytes = StudyFigure("bytes", "training bytes", .bytes) {
    Double($0.communication.trainingBytes)
  }
  static let totalBytes = StudyFigure("total_bytes", "total bytes", .bytes) {
    Double($0.communication.framedBytes)
  }

  /// All of them, in the order of tables.
  public static let all: [StudyFigure] =
    [
      accuracy, backwardTransfer,
      StudyFigure(
        "backward_transfer_over_t", "BWT over T", .signedPercent, isBetterHigh: true
      ) { $0.backwardTransferOverT },
      StudyFigure("forward_transfer", "FWT", .signedPercent, isBetterHigh: true) {
        $0.forwardTransfer
      },
      forgetting,
      StudyFigure("learning_accuracy", "learning accuracy", .percent, isBetterHigh: true) {
        $0.learningAccuracy
      },
      StudyFigure("anytime_accuracy", "anytime accuracy", .percent, isBetterHigh: true) {
        $0.anytimeAccuracy
      },
      StudyFigure("minimum_accuracy", "minimum accuracy", .percent, isBetterHigh: true) {
        $0.minimumAccuracy
      },
      StudyFigure("disagreement", "disagreement", .percent) { $0.disagreement },
      StudyFigure("spatial_skew", "spatial skew", .number) { $0.spatialSkew },
      StudyFigure("stage_skew", "stage skew", .number) { $0.stageSkew },
      StudyFigure("staleness.mean", "mean staleness", .number) { $0.staleness.mean },
      StudyFigure("staleness.max", "largest staleness", .number) {
        $0.staleness.max.map(Double.init)
      },
      bytes, totalBytes,
      StudyFigure("messages", "messages", .number) { Double($0.communication.messages) },
      StudyFigure("workers", "workers", .number) { Double($0.workers) },
      StudyFigure("servers", "servers", .number) { Double($0.servers) },
      StudyFigure("steps", "steps", .number) { Double($0.steps) },
      StudyFigure("examples", "training examples", .number) { Double($0.examples) },
      StudyFigure("example_gradients", "example-gradients", .number) {
        $0.work.map { Double($0.exampleGradients) }
      },
      StudyFigure("relative_to_plain", "gradients relative to plain", .number) {
        $0.work?.relative
      },
      StudyFigure("kept_bytes", "bytes kept", .bytes) { $0.kept.map { Double($0.total) } },
      StudyFigure("kept_bytes.workers", "bytes kept at workers", .bytes) {
        $0.kept.map { Double($0.workers) }
      },
      StudyFigure("kept_bytes.servers", "bytes kept at servers", .bytes) {
        $0.kept.map { Double($0.servers) }
      },
      StudyFigure("kept_bytes.coordinator", "bytes kept at the coordinator", .bytes) {
        $0.kept.map { Double($0.coordinator) }
      },
      StudyFigure("virtual_seconds", "virtual time", .seconds) { $0.virtualSeconds },
      StudyFigure("wall_seconds", "wall time", .seconds) { $0.wallSeconds },
    ] + RunResult.Milestone.accuracies.map(timeToAccuracy) + OrderRule.allCases.map(orderScore)

  /// `order_scores.easy-first`: how far a rule would rank the order of the tasks up.
  private static func orderScore(_ rule: OrderRule) -> StudyFigure {
    let title = rule.rawValue.replacingOccurrences(of: "-", with: " ")
    return StudyFigure("order_scores.\(rule.rawValue)", "score of \(title)", .number) {
      $0.orderScores[rule.rawValue]
    }
  }

  /// `time_to_accuracy.0.80`: of the mean over all tasks.
  private static func timeToAccuracy(_ accuracy: Double) -> StudyFigure {
    let name = String(format: "%.2f", accuracy)
    return StudyFigure(
      "time_to_accuracy.\(name)", "time to \(Figures.percent(accuracy)) %", .seconds
    ) { $0.seconds(to: accuracy) }
  }

  // MARK: For people

  /// A value as tables write it.
  func text(_ value: Double?) -> String {
    guard let value = value.flatMap(finite) else { return "–" }
    switch form {
    case .percent: return Figures.percent(value)
    case .signedPercent: return Figures.signedPercent(value)
    // A byte count is far below what an integer holds.
    case .bytes: return value.magnitude < 1e18 ? Figures.bytes(Int(value.rounded())) : "–"
    case .seconds: return Figures.seconds(value)
    case .number: return Figures.short(value)
    }
  }

  /// Half the width of an interval, which has no sign.
  func width(_ value: Double) -> String {
    form == .signedPercent ? Figures.percent(value) : text(value)
  }

  /// The name with its unit, for axes and headings.
  var heading: String {
    switch form {
    case .percent: "\(title), %"
    case .signedPercent: "\(title), points"
    case .bytes, .seconds, .number: title
    }
  }
}
