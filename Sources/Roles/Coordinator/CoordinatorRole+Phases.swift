extension CoordinatorRole {
  // MARK: Phases

  mutating func open(_ number: Int) -> [Effect] {
    state = .opening(Phase(number, servers: nodes.servers, workers: nodes.workers))
    return nodes.servers.map { tell(.open(phase: number), to: $0) }
  }

  mutating func train(_ phase: Phase, at now: Instant) -> [Effect] {
    var phase = phase
    phase.openedAt = now
    state = .training(phase)
    progress = Array(repeating: (0, nil), count: plan.workerCount)
    progressSum = (0, 0, 0)
    return [.record(.phaseOpened(phase: phase.number, versions: versions))]
      + nodes.workers.map { tell(.train(phase: phase.number, versions: versions), to: $0) }
  }

  /// Once nobody trains and all servers are at rest: with a global boundary, now all stages of the
  /// phase are measured.
  mutating func closeIfSealed(at now: Instant) -> [Effect] {
    guard case .training(let phase) = state, phase.training.isOpen, phase.sealing.isOpen else {
      return []
    }
    state = .closing(phase)
    phaseStart = stepCounts.max() ?? 0
    let scale = phase.maxima.map { maxima in
      nodes.servers.map { tell(.scale(phase: phase.number, maxima: maxima), to: $0) }
    }
    guard plan.taskSchedule.moment.isGlobal else { return (scale ?? []) + proceed(at: now) }
    let positions = (0..<plan.workerCount).flatMap { worker in
      plan.taskSchedule.positions(of: worker, in: phase.number).map { position in
        RunRecord.Row.Position(
          worker: worker, position: position, stage: plan.taskSchedule.sequences[worker][position])
      }
    }
    return (scale ?? [])
      + measure(
        .boundary(positions), .atRest, versions, step: phaseStart,
        importanceOfPosition: plan.method.importance == .workers ? phase.number : nil)
  }

  /// Goes on when everything is measured and the servers have consolidated.
  mutating func proceed(at now: Instant) -> [Effect] {
    guard rows.isEmpty else { return [] }
    switch state {
    case .untrained: return plan.taskSchedule.phaseCount == 0 ? leave() : open(0)
    case .closing(let phase) where phase.consolidation.isOpen:
      let next = phase.number + 1
      return next < plan.taskSchedule.phaseCount ? open(next) : leave()
    default: return []
    }
  }

  // MARK: Measurements

  /// Asks all workers for their part of a row.
  mutating func measure(
    _ occasion: RunRecord.Row.Occasion, _ weights: WeightsRequest, _ versions: [UInt64], step: Int,
    importanceOfPosition position: Int? = nil
  ) -> [Effect] {
    let columns = columns(of: occasion, weights)
    let request = MeasureRequest(
      id: measurementCount, weights: weights, versions: versions, columns: columns,
      importanceOfPosition: position)
    measurementCount += 1
    rows.append(
      PendingRow(
        request, occasion, step: step, classCounts: plan.classCounts,
        testExampleCounts: plan.testExampleCounts, workerCount: plan.workerCount))
    return nodes.workers.map { tell(.measure(request), to: $0) }
  }

  /// The tasks to test. Of independent models only the one in training has changed.
  private func columns(of occasion: RunRecord.Row.Occasion, _ weights: WeightsRequest) -> [Int] {
    switch (plan.method.startsAfresh, occasion, weights) {
    case (true, .boundary(let positions), _): [positions[0].stage]
    case (true, .sample, .kept(.sample(let phase, _))): [phase]
    default: Array(0..<plan.taskCount)
    }
  }

  /// A worker has finished a stage where there is no global boundary.
  mutating func finished(
    _ worker: NodeID, position: Int, versions: [UInt64], step: Int
  ) -> [Effect] {
    let sequence = plan.taskSchedule.sequences[worker.rank]
    let end = RunRecord.Row.Position(
      worker: worker.rank, position: position, stage: sequence[position])
    return [
      .record(.positionFinished(worker: worker.rank, position: position, stage: sequence[position]))
    ]
      + measure(
        .boundary([end]), .kept(.boundary(worker: worker.rank, position: position)), versions,
        step: step + plan.taskSchedule.startSteps[worker.rank])
  }

  /// A server keeps a sample; when all do, the workers look at it.
  mutating func kept(_ server: NodeID, _ snapshot: Snapshot, version: UInt64) -> [Effect] {
    guard server.kind == .server, case .sample(let phase, let step) = snapshot,
      phase == trainingPhase
    else {
      return refuse(
        "\(server) keeps what nobody looks at", to: nodes[server]?.peer ?? Peer(route: []))
    }
    if !samples.contains(where: { $0.snapshot == snapshot }) {
      samples.append((snapshot, Array(repeating: nil, count: plan.serverCount)))
    }
    guard let index = samples.firstIndex(where: { $0.snapshot == snapshot }) else { return [] }
    samples[index].versions[server.rank] = version
    let versions = samples[index].versions.compactMap { $0 }
    guard versions.count == plan.serverCount else { return [] }
    samples.remove(at: index)
    return measure(.sample, .kept(snapshot), versions, step: phaseStart + step)
  }

  /// A worker's part of a measurement.
  mutating func measured(
    _ sender: NodeID, id: Int, correct: [[Int]], totals: [[Int]], at now: Instant
  ) -> [Effect] {
    guard sender.kind == .worker,
      let index = rows.firstIndex(where: { $0.request.id == id })
    else {
      return refuse(
        "\(sender) measured what was not asked for", to: nodes[sender]?.peer ?? Peer(route: []))
    }
    if let problem = rows[index].enter(worker: sender.rank, correct: correct, totals: totals) {
      return refuse(problem, to: nodes[sender]?.peer ?? Peer(route: []))
    }
    guard rows[index].isComplete, var row = rows[index].row(at: now) else { return [] }
    let request = rows.remove(at: index).request
    if plan.method.startsAfresh { row = row.carryingOver(record.rows, around: request.columns[0]) }
    record.rows.append(row)
    var effects: [Effect] = [.record(.measured(row))]
    if case .kept(let snapshot) = request.weights {
      effects += nodes.servers.map { tell(.release(snapshot: snapshot), to: $0) }
    }
    return effects + proceed(at: now)
  }

  // MARK: Consolidation

  /// The phase in which servers may apply pushes.
  private var trainingPhase: Int? {
    if case .training(let phase) = state { phase.number } else { nil }
  }

  /// Adds a server's parts of what was consolidated.
  ///
  /// - Parameter number: The phase that has nothing more to consolidate at this server, if any.
  mutating func enter(
    _ reports: [BoundaryReport], closes number: Int?, from server: NodeID, at now: Instant
  ) -> [Effect] {
    guard reports.allSatisfy({ canEnter($0, from: server) }), canClose(number, server) else {
      return refuse(
        "\(server) consolidated the same twice, or otherwise than the others",
        to: nodes[server]?.peer ?? Peer(route: []))
    }
    let news = reports.flatMap { enter($0, from: server) }
    guard number != nil else { return news }
    switch state {
    case .opening(var phase):
      _ = phase.consolidation.arrive(server)
      state = .opening(phase)
    case .training(var phase):
      _ = phase.consolidation.arrive(server)
      state = .training(phase)
    case .closing(var phase):
      _ = phase.consolidation.arrive(server)
      state = .closing(phase)
    default: break
    }
    return news + proceed(at: now)
  }

  /// Whether the phase is under way and the server at rest in it, with something left to say.
  private func canClose(_ number: Int?, _ server: NodeID) -> Bool {
    guard let number else { return true }
    switch state {
    case .opening(let phase), .training(let phase), .closing(let phase):
      return phase.number == number && !phase.sealing.awaits(server)
        && phase.consolidation.awaits(server)
    default: return false
    }
  }

  private func place(of report: BoundaryReport) -> Int? {
    record.consolidations.firstIndex {
      ($0.stage, $0.worker, $0.occurrence) == (report.stage, report.worker, report.occurrence)
    }
  }

  private func canEnter(_ report: BoundaryReport, from server: NodeID) -> Bool {
    place(of: report).map {
      reporters[$0].awaits(server) && record.consolidations[$0].adds(to: report)
    } ?? true
  }

  private mutating func enter(_ report: BoundaryReport, from server: NodeID) -> [Effect] {
    let known = place(of: report)
    let index = known ?? reporters.count
    if known == nil {
      reporters.append(Barrier(nodes.servers))
      record.consolidations.append(report)
    } else {
      record.consolidations[index].merge(report)
    }
    _ = reporters[index].arrive(server)
    return reporters[index].isOpen ? [.record(.consolidated(record.consolidations[index]))] : []
  }
}

extension RunRecord.Row {
  /// Of independent models the finished ones are as the last boundary left them. A look in between
  /// shows those to come as the untrained network; a boundary leaves them out.
  ///
  /// - Parameters:
  ///   - rows: Measured before this one.
  ///   - stage: Whose model is in training.
  func carryingOver(_ rows: [RunRecord.Row], around stage: Int) -> RunRecord.Row {
    if occasion == .untrained { return self }
    // Never an earlier sample: what is reported does not depend on how often somebody looks.
    let boundary = rows.last { $0.occasion != .sample && $0.occasion != .untrained }
    let untrained = occasion == .sample ? rows.first { $0.occasion == .untrained } : nil
    func carried<Value>(_ own: [Value], _ values: KeyPath<RunRecord.Row, [Value]>) -> [Value] {
      own.indices.map { task in
        let source = task < stage ? boundary : task > stage ? untrained : nil
        return source?[keyPath: values][task] ?? own[task]
      }
    }
    return RunRecord.Row(
      occasion: occasion, step: step, versions: versions,
      accuracies: carried(accuracies, \.accuracies), byClass: carried(byClass, \.byClass),
      seconds: seconds)
  }
}
