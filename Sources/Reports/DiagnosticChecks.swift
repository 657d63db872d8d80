/// The lie detectors with what each of them found and what that proves.
struct DiagnosticChecks {
  /// One of them.
  struct Check: Hashable {
    enum Mark: String {
      case good = "✓"
      case bad = "✗"
      case caution = "!"
    }

    let mark: Mark
    let found: String
    let proves: String
  }

  private let run: RunResult
  private var boundaries: [RunResult.Consolidation] { run.diagnostics.boundaries }

  init(_ run: RunResult) { self.run = run }

  var all: [Check] {
    messages + [projection].compactMap { $0 } + (boundaries.isEmpty ? [] : penalty + [curvature])
  }

  private var projection: Check? {
    guard let found = run.diagnostics.projection else { return nil }
    let angle = found.meanAngle.map { ", by \(Figures.short($0)) degrees in the mean" } ?? ""
    return Check(
      mark: found.projected > 0 ? .good : .caution,
      found: "\(Figures.count(found.projected)) of \(Figures.count(found.steps)) steps with "
        + "references turned\(angle)",
      proves: "What is kept of finished tasks acts on the steps of later ones.")
  }

  private var messages: [Check] {
    let found = run.diagnostics
    return [
      Check(
        mark: found.refusedMessages == 0 ? .good : .bad,
        found: "\(Figures.count(found.refusedMessages)) messages refused",
        proves: "Every message was well-formed and expected."),
      Check(
        mark: found.duplicatePushes == 0 ? .good : .caution,
        found: "\(Figures.count(found.duplicatePushes)) pushes repeated",
        proves: "No gradient had to be sent twice; a repeated one is acknowledged and changes "
          + "nothing."),
    ]
  }

  private var penalty: [Check] {
    let anchors = boundaries.map(\.newestTermAtAnchor)
    let worst = anchors.first { $0 != 0 } ?? 0
    let sums = boundaries.map(\.importanceSum)
    let least = sums.first { !($0 > 0 && $0.isFinite) } ?? sums.min() ?? 0
    return [
      Check(
        mark: least > 0 && least.isFinite ? .good : .bad,
        found: "smallest Σ Ω of a task: \(Figures.short(least))",
        proves: "Importance was measured after every task and is neither zero nor infinite."),
      Check(
        mark: worst == 0 ? .good : .bad,
        found: "newest term's gradient at its anchor: \(Figures.short(worst))",
        proves: "The penalty of a task is exactly zero where the task ended."),
    ] + [acting].compactMap { $0 }
  }

  /// Needs a second task, during which the first one's penalty could act.
  private var acting: Check? {
    // Where several tasks end at the same weights nothing can act between them.
    let later = zip(boundaries, boundaries.dropFirst()).compactMap { earlier, boundary in
      boundary.version != nil && boundary.version == earlier.version
        ? nil : boundary.penaltyGradientBefore
    }
    guard !later.isEmpty else { return nil }
    if run.diagnostics.strength == 0 {
      return Check(
        mark: .caution, found: "λ is 0", proves: "The penalty is switched off on purpose.")
    }
    let least = later.first { !($0 > 0 && $0.isFinite) } ?? later.min() ?? 0
    return Check(
      mark: least > 0 && least.isFinite ? .good : .bad,
      found: "smallest penalty gradient before a later boundary: \(Figures.short(least))",
      proves: "The penalty acts on the very weights that are trained, and not on a copy.")
  }

  private var curvature: Check {
    let last = boundaries[boundaries.count - 1]
    let isSafe = run.diagnostics.form == "proximal"
    let count = last.divergingCoordinates
    return Check(
      mark: !last.curvatureMaximum.isFinite ? .bad : isSafe || count == 0 ? .good : .caution,
      found: "η·λ·U: median \(Figures.short(last.curvatureMedian)), largest "
        + "\(Figures.short(last.curvatureMaximum))"
        + (count > 0 ? ", above 2 on \(Figures.count(count)) coordinates" : ""),
      proves: isSafe
        ? "The proximal form is stable for every value."
        : "Plain gradient steps with the explicit penalty diverge where it is above 2.")
  }
}
