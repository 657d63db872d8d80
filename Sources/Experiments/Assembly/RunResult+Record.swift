import Consolidation
import Metrics
public import Reports
public import Roles
import Streams
import Tensors
import Updates

extension RunResult {
  /// What a run found, from what its coordinator recorded.
  ///
  /// - Parameters:
  ///   - mode: `cluster` or `simulation`.
  ///   - seconds: Wall time of the run.
  ///   - virtualSeconds: Virtual time of a simulated one.
  ///   - command: The exact command to repeat it.
  public init(
    _ record: RunRecord, of blueprint: Blueprint, mode: String, seconds: Double,
    virtualSeconds: Double?, command: String
  ) {
    self.init()
    let experiment = blueprint.experiment
    name = experiment.name
    seed = experiment.seed
    method = experiment.method.name.rawValue
    if experiment.method.name == .ewc && experiment.method.mode == .online { method = "online ewc" }
    scenario = experiment.stream.scenario.rawValue
    workers = experiment.cluster.workers
    servers = experiment.cluster.servers
    consistency = experiment.cluster.consistency.rawValue
    self.mode = mode
    status = record.failure == nil ? "complete" : "stopped"
    taskNames = blueprint.stream.tasks.map(\.name)
    wallSeconds = seconds
    self.virtualSeconds = virtualSeconds
    self.command = command
    self.experiment = experiment.resolvedYAML
    faults = record.failure.map { [$0.reason] } ?? []
    enterAccuracies(record, blueprint)
    enterWork(record)
    enterTraffic(record.wholeTraffic)
    enterDiagnostics(record, blueprint)
    weightsSha256 = record.weights.map { weights in
      SHA256.hexDigest(of: UnsafeRawBufferPointer(weights.elements))
    }
    spatialSkew = try? blueprint.placementTable().spatialSkew
    // All workers are at the same task under common boundaries.
    stageSkew = 0
  }

  private mutating func enterAccuracies(_ record: RunRecord, _ blueprint: Blueprint) {
    var global = AccuracyMatrix(taskCount: taskNames.count)
    var own = (0..<workers).map { _ in AccuracyMatrix(taskCount: taskNames.count) }
    for row in record.rows {
      curve.append(Point(step: row.step, version: row.version, accuracies: row.accuracies))
      guard let number = row.row else { continue }
      global.set(row: number, to: row.accuracies)
      for worker in own.indices { own[worker].set(row: number, to: row.byWorker[worker]) }
    }
    matrix = global.rows
    accuracy = global.accuracy
    backwardTransfer = global.backwardTransfer
    backwardTransferOverT = global.backwardTransferOverT
    forwardTransfer = global.forwardTransfer
    forgetting = global.forgetting
    learningAccuracy = global.learningAccuracy
    perWorker = own.enumerated().map { rank, matrix in
      Worker(
        rank: rank, tasks: taskNames, matrix: matrix.rows, accuracy: matrix.accuracy,
        backwardTransfer: matrix.backwardTransfer)
    }
    let tasks = blueprint.stream.tasks
    let levels = tasks.map { Chance(classCount: $0.evaluationActive.count) }
    chance = levels.first?.level
    tasksAtChance = tasks.indices.compactMap { task in
      guard let last = global.rows[tasks.count][task] else { return nil }
      return levels[task].explains(last, exampleCount: tasks[task].testIndices.count)
        ? tasks[task].name : nil
    }
    for boundary in record.boundaries {
      let stage = blueprint.stages[boundary.stage]
      taskBoundaries.append(
        Boundary(
          task: stage.tasks.count == 1 ? taskNames[stage.tasks[0]] : "all tasks",
          step: boundary.step))
    }
    enterLosses(record)
  }

  private mutating func enterLosses(_ record: RunRecord) {
    var start = 0
    for (boundary, parts) in zip(record.boundaries, record.losses) {
      for (index, loss) in parts.enumerated() where loss.isFinite {
        let step = start + (index + 1) * (boundary.step - start) / parts.count
        losses.append(Loss(step: step, loss: Double(loss)))
      }
      start = boundary.step
    }
  }

  private mutating func enterWork(_ record: RunRecord) {
    let farewells = record.workerFarewells.compactMap { $0 }
    steps = farewells.map(\.stepCount).max() ?? record.boundaries.last?.step ?? 0
    examples = farewells.reduce(0) { $0 + $1.exampleCount }
    if record.trainingSeconds > 0, let last = record.boundaries.last {
      stepsPerSecond = Double(last.step) / record.trainingSeconds
    }
    for farewell in farewells {
      phases.train += farewell.phases.train
      phases.importance += farewell.phases.importance
      phases.evaluate += farewell.phases.evaluate
      phases.wait += farewell.phases.wait
    }
    let servers = record.serverFarewells.compactMap { $0 }
    let pushes = servers.reduce(0) { $0 + $1.stepCount }
    if pushes > 0 {
      staleness.mean = Double(servers.reduce(0) { $0 + $1.stalenessSum }) / Double(pushes)
      staleness.max = servers.map(\.stalenessMaximum).max()
    }
    let refusals = record.refusals + (farewells + servers).flatMap(\.refusals)
    diagnostics.refusedMessages = refusals.reduce(0) { $0 + $1.count }
    diagnostics.duplicatePushes = servers.reduce(0) { $0 + $1.duplicateCount }
    diagnostics.notes += refusals.map { "refused \($0.count) ×: \($0.reason)" }
  }

  private mutating func enterTraffic(_ traffic: Traffic) {
    func bytes(_ kind: TrafficLine.Kind) -> Bytes {
      let total = traffic.total(of: kind)
      return Bytes(
        payloadBytes: total.payload, framedBytes: total.framed, messages: total.messages)
    }
    communication.push = bytes(.push)
    communication.pull = bytes(.pull)
    communication.importance = bytes(.importance)
    communication.control = bytes(.control)
    links = traffic.lines.map {
      Link(
        from: $0.from.description, to: $0.to.description, kind: $0.kind.rawValue,
        payloadBytes: $0.payloadByteCount, framedBytes: $0.framedByteCount,
        messages: $0.messageCount)
    }
  }

  private mutating func enterDiagnostics(_ record: RunRecord, _ blueprint: Blueprint) {
    let experiment = blueprint.experiment
    guard experiment.importanceSource != .none else { return }
    diagnostics.strength = experiment.method.lambda
    diagnostics.form = experiment.penalty.rawValue
    for boundary in record.boundaries {
      guard let report = boundary.report else { continue }
      let after = report.after
      diagnostics.boundaries.append(
        Consolidation(
          task: blueprint.stages[boundary.stage].tasks.map { taskNames[$0] }.joined(separator: "+"),
          importanceSum: report.ledger.reduce(0) { $0 + $1.importanceSum },
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
          }))
    }
    noteDivergence(experiment)
  }

  private mutating func noteDivergence(_ experiment: Experiment) {
    guard let last = diagnostics.boundaries.last else { return }
    diagnostics.divergingCoordinates = last.divergingCoordinates
    // Adam divides by the gradient's own size, so its steps stay bounded whatever λ is.
    guard experiment.penalty == .gradient, last.divergingCoordinates > 0,
      experiment.optimizer.kind != .adam
    else { return }
    diagnostics.notes.append(
      "the explicit penalty diverges on \(last.divergingCoordinates) coordinates, where "
        + "rate × lambda × U > 2; use penalty.form: proximal or a smaller method.lambda")
  }
}
