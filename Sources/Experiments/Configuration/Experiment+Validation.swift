import Methods
import Consolidation
import Roles
import Settings
import Streams
import Updates

extension Experiment {
  /// What no single key can know.
  ///
  /// - Parameter place: The file, for errors.
  /// - Throws: ``ConfigurationError``.
  func validate(place: String) throws {
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(place): \(sentence)") }
    }
    try demand(
      batch >= cluster.workers,
      "batch is \(batch) for \(cluster.workers) workers; each needs at least one example a step")
    do throws(DataError) {
      try stream.kind.value.validate(taskCount: stream.tasks)
    } catch {
      throw ConfigurationError("\(place): \(error)")
    }
    if optimizer.schedule == .milestones {
      let steps = optimizer.scheduleAt
      try demand(
        steps.count == optimizer.scheduleFactors.count,
        "optimizer.schedule-at has \(steps.count) steps and optimizer.schedule-factors "
          + "\(optimizer.scheduleFactors.count) factors; give one a step")
      try demand(
        zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 },
        "optimizer.schedule-at is \(steps); list steps in ascending order")
    }
    if let least = simulation.latencyMinimumMilliseconds,
      let most = simulation.latencyMaximumMilliseconds
    {
      try demand(
        least <= most,
        "simulation.latency-minimum-milliseconds is above latency-maximum-milliseconds")
    }
    for pause in simulation.pauses where Int(pause[0]) >= cluster.workers {
      throw ConfigurationError(
        "\(place): simulation.pauses names worker \(Int(pause[0])) of \(cluster.workers); "
          + "workers are counted from 0")
    }
    switch cluster.factors {
    case .listed(let factors):
      try demand(
        factors.isEmpty || factors.count == cluster.workers,
        "cluster.factors has \(factors.count) numbers for \(cluster.workers) workers; "
          + "give one a worker, or name the slow ones as {0: 4}")
    case .named(let factors):
      let last = factors.keys.max() ?? 0
      try demand(
        last < cluster.workers,
        "cluster.factors names worker \(last) of \(cluster.workers) workers; their ranks end at "
          + "\(cluster.workers - 1)")
    }
    try demand(
      cluster.consistency != .bsp || cluster.drop < cluster.workers,
      "cluster.drop is \(cluster.drop) for \(cluster.workers) workers; wait for one at least")
    try demand(
      simulation.clock == .costs || consistency.bound == 0 && cluster.drop == 0,
      "simulation.clock is free, but under cluster.consistency=\(cluster.consistency.rawValue)"
        + "\(cluster.drop > 0 ? " with cluster.drop" : "") the weights depend on who is how fast; "
        + "use bsp or local, or simulation.clock=costs")
    for method in methods { try with(method).validateMethod(place: place) }
    try demand(
      cluster.timeouts.silenceMilliseconds >= 2 * cluster.timeouts.heartbeatMilliseconds,
      "timeouts.silence-milliseconds must be at least twice timeouts.heartbeat-milliseconds")
  }

  /// What a method and the arrival of its tasks allow each other.
  private func validateMethod(place: String) throws {
    if simulation.vectors == .again, let reason = reasonToKeepVectors {
      throw ConfigurationError("\(place): simulation.vectors is again, but \(reason)")
    }
    let isGlobal = method.consolidate == .onGlobalBoundary
    if arrival.onset != .sync && isGlobal {
      throw ConfigurationError(
        "\(place): arrival.onset is \(arrival.onset.rawValue), but workers that begin at different "
          + "times meet at no common boundary; use method.consolidate=on-worker-boundary")
    }
    let parts = placement.kind != .iid && placement.kind != .featureNoise
    if arrival.order == .owned && schedule != .joint && parts {
      throw ConfigurationError(
        "\(place): placement.kind is \(placement.kind.rawValue), but under arrival.order=owned a "
          + "task has one node, so that there is nothing to part; use placement.kind=iid")
    }
    try validateBatches(place: place)
    try validateReferences(place: place)
    try validateReadout(place: place)
    try validateLearner(place: place)
    try validateProducts(place: place)
    try validatePenalty(place: place)
    if schedule == .independent && (arrival.order != .shared || !isGlobal) {
      throw ConfigurationError(
        "\(place): a model per task needs all workers at the same task; use arrival.order=shared "
          + "and method.consolidate=on-global-boundary")
    }
  }

  /// What batches over all workers, and examples that come back, ask of the rest.
  private func validateBatches(place: String) throws {
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(place): \(sentence)") }
    }
    try demand(
      stream.batches == .node || [.shared, .owned].contains(arrival.order),
      "stream.batches is global, for which all workers have to be at the same task, but "
        + "arrival.order is \(arrival.order.rawValue); use arrival.order=shared or owned")
    try demand(
      stream.batches == .node || arrival.onset == .sync,
      "stream.batches is global, for which all workers have to be there, but arrival.onset is "
        + "\(arrival.onset.rawValue); use arrival.onset=sync")
    try demand(
      method.value.memory == nil && method.value.distillation == nil
        && method.value.generation == nil || consolidationMoment.isGlobal,
      "\(method.name) goes back to the finished tasks of all workers, for which these have to "
        + "meet; use method.consolidate=on-global-boundary")
  }

  /// Products of keys must be what the code can hold, too.
  private func validateProducts(place: String) throws {
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(place): \(sentence)") }
    }
    if let iterations = stream.iterations, schedule == .joint {
      try demand(
        iterations * stream.tasks <= Domain.counts.upperBound,
        "method.name is joint, which takes stream.iterations times stream.tasks steps, "
          + "\(iterations * stream.tasks); at most \(Domain.counts.upperBound) can be counted")
    }
    let rate = cluster.consistency == .local ? optimizer.rate * cluster.outerRate : optimizer.rate
    try demand(
      holdsIn32Bits(rate),
      "optimizer.rate times cluster.outer-rate is \(shortest(rate)), which 32 bits do not hold; "
        + "\(rate < 1 ? "raise" : "lower") one of them")
    guard quadraticPenalty != nil, method.strength > 0 else { return }
    let stiffness = max(rate, optimizer.rate) * method.strength * Double(localSteps)
    try demand(
      holdsIn32Bits(stiffness),
      "the rate times method.lambda\(localSteps > 1 ? " times cluster.local-steps" : "") is "
        + "\(shortest(stiffness)), which 32 bits do not hold; "
        + "\(stiffness < 1 ? "raise" : "lower") method.lambda or optimizer.rate")
  }

  private func holdsIn32Bits(_ value: Double) -> Bool {
    Float(value).isFinite && Float(value) >= .leastNormalMagnitude
  }

  /// What the penalty's place and laziness ask of the rest.
  private func validatePenalty(place: String) throws {
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(place): \(sentence)") }
    }
    if methodPlan.importance == .exchange {
      try demand(
        cluster.consistency == .local,
        "method.name is \(method.name), which exchanges importances after local steps; "
          + "use cluster.consistency=local")
    }
    if let term = quadraticPenalty {
      try demand(
        term.path == nil || method.value.generation == nil,
        "\(method.name) measures importance at the servers, which do not tell the network from "
          + "what makes examples; combine a method whose workers measure it, as ewc, mas or scp")
      try demand(
        !(term.path is any ScaledPathImportance) || consolidationMoment == .globalBoundary
          || cluster.servers == 1,
        "\(method.name) measures importance by the largest of all servers, for which all workers "
          + "have to meet; use method.consolidate=on-global-boundary or cluster.servers=1")
      try demand(
        term.importanceRule(active: 1) == .mean || communication.importance != .log8,
        "\(method.name) pushes derivatives, which have signs that log8 does not write; use "
          + "communication.importance=fp16")
    }
    if penaltySite == .worker, let term = quadraticPenalty {
      try demand(
        term.path?.readsSteps != true,
        "penalty.at is worker, but \(method.name)'s importance is made at the servers "
          + "from gradients without a penalty; use penalty.at=server")
      try demand(
        penalty.form == .gradient || cluster.consistency == .local,
        "penalty.at is worker and penalty.form is proximal, which follows the optimiser's step at "
          + "the servers; use penalty.form=gradient or cluster.consistency=local")
    }
    try demand(
      !communication.overlay || cluster.consistency == .local,
      "communication.push-overlay is true, but what workers keep of gradients is no way; use "
        + "cluster.consistency=local")
    try demand(
      communication.gate == nil || communication.momentum == 0,
      "communication.gate is given, but the momentum of places that open and close would be lost; "
        + "use communication.push-momentum=0")
    try demand(
      communication.gate == nil || communication.push.codec != .powerSGD,
      "communication.gate is given, but power-sgd pushes whole matrices; use another "
        + "communication.push-codec")
    guard penalty.isLazy else { return }
    try demand(
      serverOptimizer.kind == .sgd && optimizer.schedule == .constant,
      "penalty.lazy is true, but \(serverOptimizer.kind.rawValue) or a changing rate moves weights "
        + "that no gradient touches; use optimizer.kind=sgd and optimizer.schedule=constant")
    try demand(
      consistency.bound == 0 && cluster.drop == 0 && cluster.delayCompensation == 0,
      "penalty.lazy is true, which needs updates of one size; use cluster.consistency=bsp or "
        + "local without cluster.drop")
    try demand(
      penaltySite == .server,
      "penalty.lazy is true, but workers apply the penalty; use "
        + "penalty.at=server")
  }
}
