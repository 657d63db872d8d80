import Metrics

extension CoordinatorRole {
  // MARK: Boundaries

  /// Asks all workers for their part of a row at the version of the boundary.
  mutating func measure(row: Int, importanceOf stage: Int?) -> [Effect] {
    let columns = plan.isIndependent && row > 0 ? [row - 1] : Array(0..<plan.taskCount)
    self.row = PendingRow(
      row: row, version: version, step: record.boundaries.last?.step ?? 0, columns: columns,
      workerCount: plan.workerCount)
    let request = Control.measure(
      row: row, version: version, columns: columns, importanceOfStage: stage)
    return nodes.workers.map { tell(request, to: $0) }
  }

  mutating func open(_ stage: Int) -> [Effect] {
    state = .opening(stage: stage, Barrier(nodes.servers))
    return nodes.servers.map { tell(.open(stage: stage), to: $0) }
  }

  mutating func train(_ stage: Int, at now: Instant) -> [Effect] {
    state = .training(stage: stage, Barrier(nodes.workers), openedAt: now)
    progress = Array(repeating: (0, nil), count: plan.workerCount)
    return [.record(.stageOpened(stage: stage, version: version))]
      + nodes.workers.map { tell(.train(stage: stage, version: version), to: $0) }
  }

  mutating func close(_ stage: Int, step: Int, at now: Instant) -> [Effect] {
    state = .closing(stage: stage, servers: Barrier(nodes.servers))
    record.boundaries.append(
      RunRecord.Boundary(stage: stage, step: step, version: version, report: nil))
    return [.record(.stageTrained(stage: stage, version: version))]
      + nodes.servers.map { tell(.close(stage: stage, version: version), to: $0) }
      + measure(
        row: plan.stages[stage].row, importanceOf: plan.asksForImportance ? stage : nil)
  }

  /// Goes on when both the row is measured and the servers have consolidated.
  mutating func proceed(at now: Instant) -> [Effect] {
    guard row == nil else { return [] }
    switch state {
    case .measuring: return plan.stages.isEmpty ? leave() : open(0)
    case .closing(let stage, let servers) where servers.isOpen:
      var effects: [Effect] = []
      if let report = record.boundaries.last?.report {
        effects.append(.record(.consolidated(stage: stage, report: report)))
      }
      return effects + (stage + 1 < plan.stages.count ? open(stage + 1) : leave())
    default: return []
    }
  }

  private mutating func leave() -> [Effect] {
    state = .leaving
    return nodes.entries.map { tell(.leave, to: $0.id) }
  }

  // MARK: Measurements

  mutating func measured(
    _ sender: NodeID, row wanted: Int?, version: UInt64, step: Int, columns: [Int],
    correct: [Int], totals: [Int], at now: Instant
  ) -> [Effect] {
    guard sender.kind == .worker else { return [] }
    var pending: PendingRow
    if let wanted {
      guard let row, row.tally.row == wanted, row.tally.version == version else {
        return refuse(
          "\(sender) measured a row that was not asked for",
          to: nodes[sender]?.peer ?? Peer(route: []))
      }
      pending = row
    } else {
      pending =
        samples.first { $0.tally.version == version }
        ?? PendingRow(
          row: nil, version: version, step: step, columns: columns, workerCount: plan.workerCount)
    }
    if let problem = pending.enter(
      worker: sender.rank, version: version, columns: columns, correct: correct, totals: totals)
    {
      return refuse(problem, to: nodes[sender]?.peer ?? Peer(route: []))
    }
    samples.removeAll { wanted == nil && $0.tally.version == version }
    guard pending.tally.isComplete else {
      if wanted == nil { samples.append(pending) } else { row = pending }
      return []
    }
    return complete(pending, at: now)
  }

  private mutating func complete(_ pending: PendingRow, at now: Instant) -> [Effect] {
    let tally = pending.tally
    guard var accuracies = tally.accuracies(taskCount: plan.taskCount) else { return [] }
    var byWorker = (0..<plan.workerCount).map {
      tally.accuracies(ofWorker: $0, taskCount: plan.taskCount) ?? []
    }
    if plan.isIndependent, let number = tally.row,
      let last = record.rows.last(where: { $0.row == number - 1 })
    {
      // Finished models do not change any more: their accuracies are carried over.
      for column in 0..<max(0, number - 1) {
        accuracies[column] = last.accuracies[column]
        for worker in byWorker.indices {
          byWorker[worker][column] = last.byWorker[worker][column]
        }
      }
    }
    record.rows.append(
      RunRecord.Row(
        step: pending.step, version: tally.version, row: tally.row, accuracies: accuracies,
        byWorker: byWorker, seconds: now.seconds))
    guard let number = tally.row else {
      return [
        .record(
          .sampled(step: pending.step, version: tally.version, accuracies: accuracies))
      ]
    }
    row = nil
    return [
      .record(.rowMeasured(row: number, version: tally.version, accuracies: accuracies))
    ] + proceed(at: now)
  }
}
