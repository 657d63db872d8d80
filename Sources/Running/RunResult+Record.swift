import Methods
import Consolidation
import Metrics
public import Reports
public import Roles
import Streams
import Tensors
import Updates
public import Training
import Experiments

extension RunResult {
  /// What a run found, from what its coordinator recorded.
  ///
  /// - Parameters:
  ///   - mode: `cluster` or `simulation`.
  ///   - seconds: Wall time of the run.
  ///   - virtualSeconds: Virtual time of a simulated one; `nil` if its clock was free.
  ///   - command: The exact command to repeat it.
  public init(
    _ record: RunRecord, of blueprint: Blueprint, mode: String, seconds: Double,
    virtualSeconds: Double?, command: String
  ) {
    self.init()
    let experiment = blueprint.experiment
    self.name = experiment.name
    self.seed = experiment.seed
    self.method = experiment.method.value.label
    self.methodTitle = experiment.method.value.title
    self.role = Role(experiment.method.value)
    self.scenario = experiment.stream.scenario.rawValue
    self.workers = experiment.cluster.workers
    self.servers = experiment.cluster.servers
    self.consistency = experiment.cluster.consistency.rawValue
    self.mode = mode
    self.status = record.failure == nil ? "complete" : "stopped"
    self.taskNames = blueprint.stream.tasks.map(\.name)
    self.classLabels = blueprint.stream.data.labels
    self.wallSeconds = seconds
    self.virtualSeconds = virtualSeconds
    self.command = command
    self.experiment = experiment.resolvedYAML
    self.faults = record.failure.map { [$0.reason] } ?? []
    enterAccuracies(record, blueprint)
    enterMilestones()
    enterWork(record)
    enterTraffic(record.wholeTraffic, blueprint)
    enterDiagnostics(record, blueprint)
    enterActivity(record, blueprint)
    enterKept(record, blueprint)
    enterMade(record, blueprint)
    self.diagnostics.notes += record.weights.map { blueprint.remarks(on: $0) } ?? []
    self.dataSha256 = blueprint.dataFingerprint
    self.isRepeatable = mode == "simulation" || experiment.isRepeatable
    self.weightsSha256 = record.weights.map { weights in
      SHA256.hexDigest(of: UnsafeRawBufferPointer(weights.elements))
    }
    enterArrangement(record, blueprint)
  }

  private mutating func enterWork(_ record: RunRecord) {
    let summaries = record.workerSummaries.compactMap { $0 }
    self.steps = summaries.map(\.stepCount).max() ?? record.rows.last?.step ?? 0
    self.examples = summaries.reduce(0) { $0 + $1.examples.trained }
    self.work = Work(summaries)
    if record.trainingSeconds > 0 {
      self.stepsPerSecond = Double(self.steps) / record.trainingSeconds
    }
    for summary in summaries {
      self.phases.train += summary.phases.train
      self.phases.importance += summary.phases.importance
      self.phases.evaluate += summary.phases.evaluate
      self.phases.wait += summary.phases.wait
    }
    enterNodes(record)
    let servers = record.serverSummaries.compactMap { $0 }
    self.staleness = Staleness(counts: servers.map(\.stalenessCounts))
    self.arrangement.latePushes = servers.first?.lateCount ?? 0
    let refusals = record.refusals + (summaries + servers).flatMap(\.refusals)
    self.diagnostics.refusedMessages = refusals.reduce(0) { $0 + $1.count }
    self.diagnostics.duplicatePushes = servers.reduce(0) { $0 + $1.duplicateCount }
    self.diagnostics.notes += refusals.map { "refused \($0.count) ×: \($0.reason)" }
  }

  private mutating func enterNodes(_ record: RunRecord) {
    guard hasClock else { return }
    for (rank, summary) in record.workerSummaries.enumerated() {
      guard let phases = summary?.phases else { continue }
      self.nodes.append(
        Node(
          node: NodeID.worker(rank).description,
          busySeconds: phases.train + phases.importance + phases.evaluate,
          waitingSeconds: phases.wait))
    }
    for (rank, summary) in record.serverSummaries.enumerated() {
      guard let summary else { continue }
      self.nodes.append(
        Node(
          node: NodeID.server(rank).description, busySeconds: summary.busySeconds,
          waitingSeconds: summary.idleSeconds))
    }
  }

  private mutating func enterDiagnostics(_ record: RunRecord, _ blueprint: Blueprint) {
    let experiment = blueprint.experiment
    if experiment.schedule == .independent && self.taskNames.count > 1 {
      self.diagnostics.notes.append(
        "the weights and their hash are of the last task's model; those of the tasks before it are "
          + "not kept")
    }
    enterProjection(record, experiment)
    guard experiment.quadraticPenalty != nil else { return }
    self.diagnostics.strength = experiment.method.strength
    self.diagnostics.form = experiment.penalty.form.rawValue
    for report in record.consolidations {
      guard blueprint.stages.indices.contains(report.stage) else { continue }
      let after = report.after
      let task =
        blueprint.stages[report.stage].tasks.map { self.taskNames[$0] }.joined(separator: "+")
        + (report.worker.map { ", worker \($0)" } ?? "")
      self.diagnostics.boundaries.append(
        Consolidation(
          task: task, importanceSum: report.ledger.reduce(0) { $0 + $1.importanceSum },
          foldedSum: after.foldedSum,
          penaltyGradientBefore: report.before.squaredGradientNorm.squareRoot(),
          penaltyGradientAfter: after.squaredGradientNorm.squareRoot(),
          newestTermAtAnchor: report.newestTermSquaredNorm.squareRoot(),
          curvatureMedian: after.curvatureQuantile(0.5),
          curvature99: after.curvatureQuantile(0.99),
          curvatureMaximum: after.curvatureMaximum, divergingCoordinates: after.divergingCount,
          exampleCount: report.ledger.map(\.exampleCount).max() ?? 0,
          layers: zip(blueprint.layout.tensors, report.importanceSums).map { tensor, sum in
            LayerImportance(name: tensor.name, sum: sum, mean: sum / Double(tensor.count))
          }, version: report.ledger.first.map { Int(clamping: $0.version) }))
    }
    noteDivergence(experiment)
    if let hindrance { self.diagnostics.notes.append(hindrance) }
  }

  /// All servers decide alike, so that the first one speaks for all.
  private mutating func enterProjection(_ record: RunRecord, _ experiment: Experiment) {
    guard experiment.methodPlan.references != .none,
      let activity = record.serverSummaries.first.flatMap({ $0 })?.projection
    else { return }
    let turned = activity.projectedCount
    self.diagnostics.projection = Projection(
      steps: activity.stepCount, projected: turned,
      meanAngle: turned > 0 ? activity.angleSum / Double(turned) : nil)
    if turned == 0 {
      self.diagnostics.notes.append(
        "\(experiment.method.name) turned none of \(activity.stepCount) steps that had references, "
          + "so that the run is one of plain training")
    }
    if experiment.optimizer.kind != .sgd {
      self.diagnostics.notes.append(
        "\(experiment.optimizer.kind.rawValue) comes after the projection, so that the step may "
          + "raise what the projection holds; only optimizer.kind=sgd follows the direction")
    }
  }

  private mutating func noteDivergence(_ experiment: Experiment) {
    guard let last = self.diagnostics.boundaries.last else { return }
    self.diagnostics.divergingCoordinates = last.divergingCoordinates
    // Adam divides by the gradient's own size, so its steps stay bounded whatever λ is.
    guard experiment.penalty.form == .gradient, last.divergingCoordinates > 0,
      experiment.optimizer.kind != .adam
    else { return }
    self.diagnostics.notes.append(
      "the explicit penalty diverges on \(last.divergingCoordinates) coordinates, where "
        + "rate × lambda × U > 2; use penalty.form: proximal or a smaller method.lambda")
  }
}

extension RunResult.Staleness {
  /// - Parameter counts: By server, by staleness.
  init(counts: [[Int]]) {
    self.init()
    histogram = (0..<(counts.map(\.count).max() ?? 0)).map { staleness in
      counts.reduce(0) { $0 + ($1.indices.contains(staleness) ? $1[staleness] : 0) }
    }
    let pushes = histogram.reduce(0, +)
    guard pushes > 0 else { return }
    let sum = histogram.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    mean = Double(sum) / Double(pushes)
    max = histogram.lastIndex { $0 > 0 }
  }
}

extension RunResult.Role {
  /// - Parameter method: The method that a run had.
  init(_ method: any Method) {
    switch method.schedule {
    case .joint: self = .joint
    case .independent: self = .independent
    case .sequential: self = method.fightsForgetting ? .method : .plain
    }
  }
}
