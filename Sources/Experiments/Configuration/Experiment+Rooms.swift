import Methods
import Compression
package import Consolidation
import Models
package import Roles
import Settings
package import Streams
package import Updates

extension Experiment {
  /// The stream as its room wants it.
  package var streamSpecification: StreamSpecification {
    var specification = StreamSpecification(
      kind: stream.kind.value, taskCount: stream.tasks, scenario: stream.scenario)
    specification.order = stream.order
    specification.lossClasses = stream.lossClasses
    specification.padding = stream.padding
    specification.normalization = StreamSpecification.Normalization(
      mean: data.mean, deviation: data.deviation)
    specification.examplesPerTask = stream.examplesPerTask
    specification.trainingWithout = data.trainingWithout
    specification.testExamplesPerTask = stream.testExamplesPerTask
    return specification
  }

  /// The data sets that it is made of, by name.
  public var dataSets: [String] {
    stream.kind.value.dataSets.isEmpty ? [data.set] : stream.kind.value.dataSets
  }

  /// How long a stage is; joint training takes as many steps as its tasks one after another.
  package var length: BatchSchedule.Length {
    guard let iterations = stream.iterations else { return .epochs(stream.epochs) }
    return .iterations(schedule == .joint ? iterations * stream.tasks : iterations)
  }

  package var optimizerSpecification: OptimizerSpecification {
    let schedule: RateSchedule =
      switch optimizer.schedule {
      case .constant: .constant
      case .step:
        .step(every: optimizer.scheduleEvery, factor: Float(optimizer.scheduleFactor))
      case .cosine:
        .cosine(steps: optimizer.scheduleSteps, floor: Float(optimizer.scheduleFloor))
      case .milestones:
        .milestones(
          zip(optimizer.scheduleAt, optimizer.scheduleFactors).map {
            RateSchedule.Milestone(step: $0, factor: Float($1))
          })
      }
    return OptimizerSpecification(
      kind: optimizer.kind, rate: Float(optimizer.rate), momentum: Float(optimizer.momentum),
      beta1: Float(optimizer.beta1), beta2: Float(optimizer.beta2),
      epsilon: Float(optimizer.epsilon), schedule: schedule)
  }

  /// Most examples that one worker has at a step: its own, those that come back, and those that
  /// are made.
  package var stepExampleMaximum: Int {
    let workers = cluster.workers
    let new = stream.batches == .global ? batch : (batch + workers - 1) / workers
    // A worker that is the last to compute makes what all would.
    let own = method.value.generation == nil ? new : new + batch
    guard let rehearsal = method.value.rehearsal, method.value.memory?.isEmpty == false else {
      return own
    }
    return own + (rehearsal.batch ?? batch)
  }

  package var consistency: Consistency {
    let bound: Int? =
      switch cluster.consistency {
      case .bsp, .local: 0
      case .ssp: cluster.stalenessBound
      case .asp: nil
      }
    return Consistency(
      bound: bound, backups: cluster.consistency == .bsp ? cluster.drop : 0,
      localSteps: localSteps, weighsStaleness: cluster.stalenessWeight == .inverse)
  }

  package var streamPlacement: Streams.Placement {
    switch placement.kind {
    case .iid: .iid
    case .shards: .shards(placement.shards)
    case .dirichletByClass:
      .dirichletByClass(
        beta: placement.beta, minimum: placement.minimum, isBalanced: placement.balance)
    case .dirichletByNode: .dirichletByNode(alpha: placement.alpha)
    case .classesPerNode: .classesPerNode(placement.classes)
    case .quantityDirichlet:
      .quantityDirichlet(beta: placement.beta, minimum: placement.minimum)
    case .featureNoise: .featureNoise(sigma: placement.sigma)
    }
  }

  package var taskOrder: TaskOrder {
    // One stage with all tasks has no order.
    if schedule == .joint || sharesOwnedTasks { return .shared }
    switch arrival.order {
    case .shared: return .shared
    case .rotated: return .rotated(by: arrival.by)
    case .permuted: return .permuted
    case .owned: return .owned
    case .lists: return .lists(arrival.lists)
    }
  }

  /// Whether a task's examples are at one worker, and all workers take part in every task all the
  /// same.
  package var sharesOwnedTasks: Bool {
    arrival.order == .owned && stream.batches == .global && schedule != .joint
  }

  package var streamOnset: Onset {
    switch arrival.onset {
    case .sync: .sync
    case .offset: .offset(steps: arrival.offset)
    case .poisson: .poisson(rate: arrival.rate)
    }
  }

  package var boundaryKind: BoundaryKind {
    switch arrival.boundary {
    case .hard: .hard
    case .blurry: .blurry(disjoint: arrival.disjoint, mixture: arrival.mixture)
    }
  }

  package var communicationPlan: Communication {
    let link = communication
    let feedback = ErrorFeedback.Options(
      isEnabled: link.feedback, momentum: Float(link.momentum), isMasked: link.masking,
      normMaximum: link.clip.map { Float($0) },
      warmUp: link.warmUp.map { DensityWarmUp(stepCount: $0) })
    let importance: Codec =
      switch link.importance {
      case .fp32: .none
      case .fp16: .fp16
      case .log8: .log8
      }
    // The penalty's grip on a weight in one update.
    let rate = penaltySite == .server ? Double(serverOptimizer.rate) : optimizer.rate
    let stiffness = rate * method.strength * Double(localSteps)
    let isPenalized = quadraticPenalty != nil && stiffness > 0
    return Communication(
      seed: seed, push: link.push.compression, feedback: feedback, boundary: link.residual,
      pull: link.pull.codec == .none ? nil : link.pull.compression, ringCount: link.ring,
      pullBoundary: link.pullResidual,
      overlayRate: link.overlay && cluster.consistency == .local ? Float(optimizer.rate) : 0,
      importance: importance,
      frozenAbove: isPenalized ? link.gate.map { Float($0 / stiffness) } : nil,
      stiffness: isPenalized && link.selection == .movable ? Float(stiffness) : 0)
  }

  /// Where the penalty is applied: what is exchanged only at the workers.
  package var penaltySite: PenaltySite {
    methodPlan.importance == .exchange ? .worker : penalty.site
  }

  /// What workers must know of the penalty.
  package var broadcast: [PenaltyPart] {
    guard quadraticPenalty != nil, method.strength > 0 else { return [] }
    let isHeld = penaltySite == .worker
    var parts: [PenaltyPart] = []
    if isHeld || communicationPlan.stiffness > 0 { parts.append(.curvature) }
    if isHeld { parts.append(.centre) }
    if communicationPlan.frozenAbove != nil { parts.append(.frozen) }
    return parts
  }

  package var localSteps: Int { cluster.consistency == .local ? cluster.localSteps : 1 }

  /// What the servers do with what they are pushed: with local steps the optimiser proper is at the
  /// workers, and the servers take the mean way.
  package var serverOptimizer: OptimizerSpecification {
    // Sums have none.
    if updateRule == .sum { return OptimizerSpecification(kind: .sgd, rate: 1) }
    guard cluster.consistency == .local else { return optimizerSpecification }
    var outer = optimizerSpecification
    outer.kind = cluster.outerMomentum > 0 ? .nesterov : .sgd
    outer.momentum = Float(cluster.outerMomentum)
    outer.rate *= Float(cluster.outerRate)
    return outer
  }

  package var consolidationMoment: BoundaryPolicy {
    switch method.consolidate {
    case .onGlobalBoundary: .globalBoundary
    case .onWorkerBoundary: .workerBoundary
    case .every: .every(steps: method.consolidateEvery)
    case .never: .never
    }
  }
}

extension Experiment.Link.Coding {
  /// The codec with its numbers.
  var compression: Codec {
    switch codec {
    case .none: .none
    case .fp16: .fp16
    case .bf16: .bf16
    case .int8: .int8(bucket: bucket)
    case .int4: .int4(bucket: bucket)
    case .ternary: .ternary(bucket: bucket)
    case .sign: .sign
    case .threshold: .threshold(threshold, values: values)
    case .topK: .topK(density: density, values: values)
    case .randomK: .randomK(density: density, values: values)
    case .powerSGD: .powerSGD(rank: rank)
    }
  }
}
