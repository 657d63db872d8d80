import Tensors

extension CoordinatorRole {
  mutating func receive(_ message: Message, from peer: Peer, at now: Instant) -> [Effect] {
    let sender = message.sender
    guard let entry = nodes[sender] else {
      return refuse(
        "\(sender) is not part of this run of \(plan.workerCount) workers and "
          + "\(plan.serverCount) servers", to: peer)
    }
    if case .control(.register(let endpoint)) = message.payload {
      return register(message, endpoint: endpoint, entry, from: peer, at: now)
    }
    guard message.run == plan.run || message.isOfUnwelcomed else {
      return refuse(
        "a message of another run came from a peer that calls itself \(sender)", to: peer)
    }
    guard entry.peer == peer, entry.incarnation == message.incarnation else {
      return refuse("a peer that is not \(sender) speaks in its name", to: peer)
    }
    nodes.update(sender) { $0.lastHeard = now }
    if let reason = flaw(of: message) { return refuse(reason, to: peer) }
    switch (message.kind, message.payload) {
    case (.control, .control(let control)):
      return hear(control, message, at: now)
    case (.weights, .tensor(let view)) where sender.kind == .server:
      return keep(message, view, peer: peer)
    default:
      return refuse("\(sender) sent a \(message.kind) message to the coordinator", to: peer)
    }
  }

  private mutating func register(
    _ message: Message, endpoint: String?, _ entry: NodeTable.Entry, from peer: Peer,
    at now: Instant
  ) -> [Effect] {
    let sender = message.sender
    guard message.run == 0 || message.run == plan.run else {
      return refuse("\(sender) registers for another run", to: peer)
    }
    if let reason = flaw(of: message) { return refuse(reason, to: peer) }
    // It is on its way to the next run, whose coordinator hears it at the next beat.
    if entry.hasLeft, !isLast { return [] }
    if let known = entry.peer, known != peer, !isReplaceable(entry, at: now) {
      return refuse("rank \(sender.rank) is taken: there already is a \(sender)", to: peer)
    }
    var place: Endpoint?
    if sender.kind == .server {
      guard let endpoint else {
        return refuse("\(sender) registers without an endpoint for the workers", to: peer)
      }
      do {
        place = try Endpoint(endpoint).connectable()
      } catch {
        return refuse("\(sender) registers for the workers what none can reach: \(error)", to: peer)
      }
      if let other = nodes.servers.first(where: { $0 != sender && nodes[$0]?.endpoint == place }) {
        return refuse("\(sender) registers with \(endpoint), which is \(other)'s", to: peer)
      }
    }
    let isNew = entry.peer != peer
    nodes.update(sender) {
      $0.peer = peer
      $0.incarnation = message.incarnation
      $0.endpoint = place
      $0.lastHeard = now
    }
    var effects: [Effect] = [.admit(sender, peer)]
    if isNew { effects.append(.record(.registered(sender))) }
    guard case .gathering = state else { return effects }
    guard nodes.missingCount == 0 else {
      return effects + [tell(.heartbeat(phase: -1, step: 0, loss: nil), to: sender)]
    }
    state = .preparing
    waitingSince = now
    let welcome = Control.welcome(
      run: plan.run, experiment: plan.experiment, workerCount: plan.workerCount,
      serverEndpoints: nodes.servers.compactMap { nodes[$0]?.endpoint?.description },
      timeouts: plan.timeouts)
    return effects + nodes.entries.map { tell(welcome, to: $0.id) }
  }

  /// Nodes register again with every beat until all are here: one that does not has gone without a
  /// word.
  private func isReplaceable(_ entry: NodeTable.Entry, at now: Instant) -> Bool {
    guard case .gathering = state else { return false }
    let limit = max(Timeouts().silenceMilliseconds, plan.timeouts.silenceMilliseconds)
    return now >= entry.lastHeard.advanced(byMilliseconds: limit)
  }

  private mutating func hear(_ control: Control, _ message: Message, at now: Instant) -> [Effect] {
    let sender = message.sender
    switch (state, control) {
    case (_, .heartbeat(let phase, let step, let loss, let byteCount)):
      if sender.kind == .server { byteCounts[sender.rank] = byteCount }
      return advance(sender, phase: phase, step: step, loss: loss)
    case (.gathering, .failed): return forget(sender)
    case (_, .failed(let kind, let reason)): return failed(sender, kind, reason, at: now)
    case (.preparing, .ready(let fingerprint, let kernel)):
      return ready(sender, fingerprint, kernel: kernel, at: now)
    case (_, .measured(let id, let correct, let totals)):
      return measured(sender, id: id, correct: correct, totals: totals, at: now)
    case (_, .kept(let snapshot, let version)):
      return kept(sender, snapshot, version: version)
    case (_, .consolidated(let reports, let closed)) where sender.kind == .server:
      return enter(reports, closes: closed, from: sender, at: now)
    case (.opening(var phase), .opened(let number, let version)) where number == phase.number:
      guard phase.opening.arrive(sender) else { return [] }
      versions[sender.rank] = version
      state = .opening(phase)
      return phase.opening.isOpen ? train(phase, at: now) : []
    case (.training, .finished(let position, let versions)) where sender.kind == .worker:
      stepCounts[sender.rank] = message.steps
      finishedPositions[sender.rank] += 1
      return finished(sender, position: position, versions: versions, step: message.steps)
    case (.training(var phase), .trained(let number, let losses)) where number == phase.number:
      guard phase.training.arrive(sender) else { return [] }
      stepCounts[sender.rank] = message.steps
      record.lossesByWorker[sender.rank] += losses
      state = .training(phase)
      guard phase.training.isOpen else { return [] }
      record.trainingSeconds += now.seconds(since: phase.openedAt)
      return [.record(.phaseTrained(phase: number))] + closeIfSealed(at: now)
    case (.opening(var phase), .sealed(let number, let version, let maxima))
    where number == phase.number && phase.seal(sender, maxima: maxima):
      versions[sender.rank] = version
      state = .opening(phase)
      return []
    case (.training(var phase), .sealed(let number, let version, let maxima))
    where number == phase.number && phase.seal(sender, maxima: maxima):
      versions[sender.rank] = version
      state = .training(phase)
      return closeIfSealed(at: now)
    case (.leaving, .goodbye(let summary)):
      return part(from: sender, summary)
    default:
      return refuse(
        "\(sender) said something out of turn", to: nodes[sender]?.peer ?? Peer(route: []))
    }
  }

  private mutating func advance(
    _ sender: NodeID, phase: Int, step: Int, loss: Float?
  ) -> [Effect] {
    guard sender.kind == .worker, case .training(let open) = state, open.number == phase else {
      return []
    }
    let old = progress[sender.rank]
    // One that is not finite would stay in the sum.
    let loss = loss.flatMap { $0.isFinite ? $0 : nil }
    progress[sender.rank] = (step, loss)
    progressSum.step += step - old.step
    progressSum.loss += Double(loss ?? 0) - Double(old.loss ?? 0)
    progressSum.lossCount += (loss == nil ? 0 : 1) - (old.loss == nil ? 0 : 1)
    let count = progressSum.lossCount
    return [
      .record(
        .progress(
          phase: phase, step: progressSum.step / max(1, plan.workerCount),
          loss: count > 0 ? Float(progressSum.loss / Double(count)) : nil,
          framedByteCount: byteCounts.reduce(0, +)))
    ]
  }

  private mutating func ready(
    _ sender: NodeID, _ fingerprint: String, kernel: String?, at now: Instant
  ) -> [Effect] {
    nodes.update(sender) { $0.fingerprint = fingerprint }
    guard fingerprint == plan.fingerprint else {
      return fail(
        .preparation,
        "\(sender) and the coordinator do not hold the same data and model; give every node the "
          + "same data (--data or HEBB_DATA) and the same version of hebb", at: now)
    }
    if let problem = enter(kernel, of: sender) { return fail(.preparation, problem, at: now) }
    let effects: [Effect] = [.record(.prepared(sender))]
    guard nodes.unreadyCount == 0 else { return effects }
    record.readyAt = now
    state = .untrained
    for id in nodes.present { nodes.update(id) { $0.lastHeard = now } }
    return effects + measure(.untrained, .atRest, versions, step: 0)
  }

  /// Notes a worker's kernel.
  ///
  /// - Returns: Why the run cannot be what it promises with it, if so.
  private mutating func enter(_ kernel: String?, of sender: NodeID) -> String? {
    guard sender.kind == .worker, let kernel else { return nil }
    record.workerKernels[sender.rank] = kernel
    guard plan.wantsOneKernel else { return nil }
    for (rank, other) in record.workerKernels.enumerated() {
      guard let other, other != kernel else { continue }
      return "\(sender) multiplies with the kernel \(kernel) and \(NodeID.worker(rank)) with "
        + "\(other), so that equal seeds would not give equal bits; start all workers with the "
        + "same OPENBLAS_CORETYPE, or set cluster.kernels=any"
    }
    return nil
  }

  /// A block of the final weights.
  private mutating func keep(_ message: Message, _ view: VectorView, peer: Peer) -> [Effect] {
    let shard = evenRange(
      message.sender.rank, of: plan.parameterCount, parts: plan.serverCount)
    guard case .leaving = state, shard.contains(message.range),
      message.range.count == view.count
    else { return refuse("\(message.sender) sent weights that nobody asked for", to: peer) }
    let weights = record.weights ?? Vector(count: plan.parameterCount)
    weights.replace(from: message.range.lowerBound, with: view)
    record.weights = weights
    return []
  }
}
