/// A run between the moment at which all nodes are ready and their leave: its phases, what is
/// measured, and what the servers consolidate.
///
///     untrained → [opening → training → closing (stating → measuring)] × phases → over
struct TrainingRun: Sendable {
  enum State: Sendable {
    /// The untrained network is measured.
    case untrained
    /// Waits for the servers to be ready for pushes.
    case opening(Phase)
    /// Waits for the workers to have trained and for the servers to come to rest.
    case training(Phase)
    /// Waits for what a readout is fitted to, for measurements, and for the servers to consolidate.
    case closing(Phase)
    case over
  }

  /// How far a worker is.
  struct Position: Sendable {
    /// Steps of the whole run.
    var steps = 0
    /// Stages of its sequence that it said it has finished.
    var finished = 0
  }

  let plan: RunPlan
  let servers: [NodeID]
  let workers: [NodeID]
  var state = State.untrained
  /// By server, as far as it is known between two phases.
  var versions: [UInt64]
  var measurements: Measurements
  var fitting: Fitting
  /// By entry of the record's consolidations: the servers that have not reported it yet.
  var reporters: [Barrier] = []
  /// By worker.
  var positions: [Position]
  /// Whole steps taken before the phase.
  var phaseStart = 0
  private var progress: RunProgress
  var cuts: CutConductor
  /// Of what is being heard.
  var now = Instant.zero

  /// - Parameter rule: How often the run is cut; `nil`: never.
  init(_ plan: RunPlan, cuts rule: CutRule? = nil) {
    self.plan = plan
    servers = (0..<plan.serverCount).map { .server($0) }
    workers = (0..<plan.workerCount).map { .worker($0) }
    versions = Array(repeating: 0, count: plan.serverCount)
    measurements = Measurements(plan)
    fitting = Fitting(plan)
    positions = Array(repeating: Position(), count: plan.workerCount)
    progress = RunProgress(workerCount: plan.workerCount, serverCount: plan.serverCount)
    cuts = CutConductor(rule, servers: servers, workers: workers)
  }

  /// Whether there is nothing more to train, measure or consolidate.
  var isOver: Bool { if case .over = state { true } else { false } }

  /// The state in a word, for stories.
  var description: String {
    switch state {
    case .untrained: "untrained"
    case .opening(let phase): "opening \(phase.number)"
    case .training(let phase): "training \(phase.number)"
    case .closing(let phase): "closing \(phase.number)"
    case .over: "over"
    }
  }

  /// All nodes are ready.
  mutating func begin(at now: Instant) -> [Effect] {
    cuts.start(at: now, step: 0)
    return measure(.untrained, .atRest, step: 0)
  }

  func tell(_ control: Control, _ nodes: [NodeID]) -> [Effect] {
    nodes.map { node in
      .send(
        Message(
          .control, run: plan.run, sender: .coordinator, incarnation: 0,
          payload: .control(control)),
        to: node)
    }
  }

  // MARK: Nodes

  /// Takes what a node of the run says, which has been held against the plan.
  ///
  /// - Parameter record: Of the run so far.
  mutating func hear(
    _ control: Control, in message: Message, _ record: inout RunRecord, at now: Instant
  ) throws(Objection) -> [Effect] {
    let sender = message.sender
    self.now = now
    switch control {
    case .cutting(let report): return hear(report, from: sender, steps: message.steps, record)
    case .heartbeat(let phase, let step, let loss, let byteCount):
      return beat(sender, phase: phase, step: step, loss: loss, byteCount: byteCount)
    case .measured(let id, let correct, let totals):
      guard
        let (row, request) = try measurements.enter(
          id: id, from: sender, correct: correct, totals: totals, after: record.rows, at: now)
      else { return [] }
      record.rows.append(row)
      return [.record(.measured(row))] + release(request.weights) + captureIfMeasured() + proceed()
    case .stated(let id, let records): return try state(id, records, by: sender, &record)
    case .kept(.sample(let number, let step), let version)
    where isTraining(number) && sender.kind == .server:
      return keep(.sample(phase: number, step: step), step, at: sender, version: version)
    case .consolidated(let reports, let closed) where sender.kind == .server:
      return try enter(reports, closes: closed, from: sender, &record)
    case .opened(let number, let version) where isOpening(number):
      guard change({ $0.opening.arrive(sender) }) == true else { return [] }
      versions[sender.rank] = version
      return trainIfOpen(at: now)
    case .finished(positions[sender.rank].finished, let versions) where isTraining:
      return finish(sender, versions, steps: message.steps)
    case .trained(let number, let losses) where isTraining(number):
      guard change({ $0.training.arrive(sender) }) == true else { return [] }
      positions[sender.rank].steps = message.steps
      record.lossesByWorker[sender.rank] += losses
      guard let phase, phase.training.isOpen else { return [] }
      record.trainingSeconds += now.seconds(since: phase.openedAt)
      return postponeCut() + [.record(.phaseTrained(phase: phase.number))] + closeIfAtRest()
    case .scalars(let number, let step, let scalars)
    where isTraining(number) && sender.kind == .server:
      let agree = { (phase: inout Phase) throws(Objection) in
        try phase.agree(step, scalars, from: sender)
      }
      guard let whole = try change(agree) ?? nil else { return [] }
      return tell(.agreed(phase: number, number: step, whole), servers)
    case .sealed(let number, let version, let maxima):
      return try seal(number, sender, version: version, maxima: maxima)
    default: throw .refusal("\(sender) said something out of turn")
    }
  }

  private mutating func beat(
    _ sender: NodeID, phase: Int, step: Int, loss: Float?, byteCount: Int
  ) -> [Effect] {
    guard sender.kind == .worker else {
      progress.enter(byteCount: byteCount, of: sender.rank)
      return []
    }
    guard case .training(let open) = state, open.number == phase else { return [] }
    progress.enter(step: step, loss: loss, of: sender.rank)
    return [.record(progress.event(phase: phase))] + cutIfDue(atStep: phaseStart + step)
  }

  // MARK: Phases

  mutating func open(_ number: Int) -> [Effect] {
    state = .opening(Phase(number, servers: servers, workers: workers))
    return tell(.open(phase: number), servers)
  }

  /// Lets the workers train once all servers are ready.
  private mutating func trainIfOpen(at now: Instant) -> [Effect] {
    guard case .opening(var phase) = state, phase.opening.isOpen else { return [] }
    phase.openedAt = now
    state = .training(phase)
    progress.begin()
    return [.record(.phaseOpened(phase: phase.number, versions: versions))]
      + tell(
        .train(phase: phase.number, versions: versions, tellingEvery: cuts.everySteps), workers)
  }

  /// A server is at rest, perhaps before others know that the phase has begun.
  private mutating func seal(
    _ number: Int, _ server: NodeID, version: UInt64, maxima: [[Double]]?
  ) throws(Objection) -> [Effect] {
    guard phase?.number == number, change({ $0.seal(server, maxima: maxima) }) == true else {
      throw .refusal("\(server) came to rest out of turn, or otherwise than the others")
    }
    versions[server.rank] = version
    return closeIfAtRest()
  }

  /// Once nobody trains and all servers are at rest: with a global boundary, now all stages of the
  /// phase are measured.
  private mutating func closeIfAtRest() -> [Effect] {
    guard case .training(let phase) = state, phase.training.isOpen, phase.sealing.isOpen else {
      return []
    }
    state = .closing(phase)
    phaseStart = positions.map(\.steps).max() ?? 0
    let scale = phase.maxima.map { tell(.scale(phase: phase.number, maxima: $0), servers) } ?? []
    guard plan.taskSchedule.moment.isGlobal else { return scale + proceed() }
    return scale + lookBack(at: phase.number)
  }

  /// Measures all stages of a phase, where all workers meet at its end.
  mutating func measureBoundary(of phase: Int) -> [Effect] {
    let ends = workers.flatMap { worker in
      plan.taskSchedule.positions(of: worker.rank, in: phase).map {
        end(of: worker, position: $0)
      }
    }
    return measure(
      .boundary(ends), .atRest, step: phaseStart,
      importanceOfPosition: plan.method.importance == .workers ? phase : nil)
  }

  /// Goes on when everything is measured and the servers have consolidated.
  mutating func proceed() -> [Effect] {
    guard measurements.areComplete, fitting.isAtRest else { return [] }
    let next: Int
    switch state {
    case .untrained: next = 0
    case .closing(let phase) where phase.consolidation.isOpen: next = phase.number + 1
    default: return []
    }
    guard next < plan.taskSchedule.phaseCount else {
      state = .over
      return []
    }
    guard cuts.isIdle else { return [] }
    return cutAtBoundary(before: next) ?? open(next)
  }

  /// The phase under way.
  private var phase: Phase? {
    switch state {
    case .opening(let phase), .training(let phase), .closing(let phase): phase
    case .untrained, .over: nil
    }
  }

  /// Whether workers train.
  private var isTraining: Bool { if case .training = state { true } else { false } }

  /// Whether workers train in a phase.
  private func isTraining(_ number: Int) -> Bool { isTraining && phase?.number == number }

  /// Whether servers get ready for a phase.
  private func isOpening(_ number: Int) -> Bool {
    if case .opening(let phase) = state { phase.number == number } else { false }
  }

  /// Changes the phase under way, taken out of the state meanwhile: nothing of it is copied.
  ///
  /// - Returns: `nil` if there is none.
  private mutating func change<Result, Problem: Error>(
    _ body: (inout Phase) throws(Problem) -> Result
  ) throws(Problem) -> Result? {
    var phase: Phase
    let changed: (Phase) -> State
    switch state {
    case .opening(let open): (phase, changed) = (open, State.opening)
    case .training(let open): (phase, changed) = (open, State.training)
    case .closing(let open): (phase, changed) = (open, State.closing)
    case .untrained, .over: return nil
    }
    state = .over
    defer { state = changed(phase) }
    return try body(&phase)
  }

  // MARK: Measurements

  /// Asks all workers for their part of a row.
  ///
  /// - Parameter versions: Of the weights; those known between two phases if left out.
  private mutating func measure(
    _ occasion: RunRecord.Row.Occasion, _ weights: WeightsRequest, at versions: [UInt64]? = nil,
    step: Int, importanceOfPosition position: Int? = nil
  ) -> [Effect] {
    let request = measurements.request(
      occasion, weights, versions ?? self.versions, step: step, importanceOfPosition: position,
      fit: fitting.fit)
    return tell(.measure(request), workers)
  }

  /// Nobody will look at the weights any more.
  private func release(_ weights: WeightsRequest) -> [Effect] {
    guard case .kept(let snapshot) = weights else { return [] }
    return tell(.release(snapshot: snapshot), servers)
  }

  private func end(of worker: NodeID, position: Int) -> RunRecord.Row.Position {
    RunRecord.Row.Position(
      worker: worker.rank, position: position,
      stage: plan.taskSchedule.sequences[worker.rank][position])
  }

  /// A worker has finished the next stage of its sequence where there is no global boundary.
  private mutating func finish(
    _ worker: NodeID, _ versions: [UInt64], steps: Int
  ) -> [Effect] {
    let end = end(of: worker, position: positions[worker.rank].finished)
    positions[worker.rank].steps = steps
    positions[worker.rank].finished += 1
    return [
      .record(
        .positionFinished(worker: worker.rank, position: end.position, stage: end.stage))
    ]
      + measure(
        .boundary([end]), .kept(.boundary(worker: worker.rank, position: end.position)),
        at: versions, step: steps + plan.taskSchedule.startSteps[worker.rank])
  }

  /// A server keeps a sample; when all do, the workers look at it.
  private mutating func keep(
    _ snapshot: Snapshot, _ step: Int, at server: NodeID, version: UInt64
  ) -> [Effect] {
    measurements.keep(snapshot, at: server.rank, version: version).map {
      measure(.sample, .kept(snapshot), at: $0, step: phaseStart + step)
    } ?? []
  }

  // MARK: Consolidation

  /// Adds a server's parts of what was consolidated.
  ///
  /// - Parameter number: The phase that has nothing more to consolidate at this server, if any.
  private mutating func enter(
    _ reports: [BoundaryReport], closes number: Int?, from server: NodeID,
    _ record: inout RunRecord
  ) throws(Objection) -> [Effect] {
    let places = reports.map { record.index(of: $0) }
    let fit = zip(reports, places).allSatisfy { report, index in
      index.map { reporters[$0].awaits(server) && record.consolidations[$0].adds(to: report) }
        ?? true
    }
    let isInTurn = number == nil || number == phase?.number && phase?.hasRest(at: server) == true
    guard fit, isInTurn else {
      throw .refusal("\(server) consolidated the same twice, or otherwise than the others")
    }
    let news = zip(reports, places).compactMap { report, index -> Effect? in
      let index = index ?? reporters.count
      if index == reporters.count { reporters.append(Barrier(servers)) }
      record.enter(report, at: index)
      _ = reporters[index].arrive(server)
      return reporters[index].isOpen ? .record(.consolidated(record.consolidations[index])) : nil
    }
    guard number != nil else { return news }
    _ = change { $0.consolidation.arrive(server) }
    return news + proceed()
  }
}

extension RunRecord {
  /// What other servers have reported of the same stage, worker and occurrence.
  fileprivate func index(of report: BoundaryReport) -> Int? {
    consolidations.firstIndex {
      ($0.stage, $0.worker, $0.occurrence) == (report.stage, report.worker, report.occurrence)
    }
  }

  /// Adds a server's report, which may be the first of its boundary.
  fileprivate mutating func enter(_ report: BoundaryReport, at index: Int) {
    if index == consolidations.count {
      consolidations.append(report)
    } else {
      consolidations[index].merge(report)
    }
  }
}
