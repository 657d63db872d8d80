import Consolidation
import Methods
import Roles
import Streams
import Updates

extension Experiment {
  /// Bytes of all workers' vectors above which they are made again instead of kept.
  private static let keptByteCountMaximum = 256 << 20

  /// Whether the workers of a simulation send their vectors as the work that makes them.
  package func defersVectors(parameterCount: Int) -> Bool {
    switch simulation.vectors {
    case .kept: false
    case .again: true
    case .automatic:
      reasonToKeepVectors == nil
        && cluster.workers * parameterCount * MemoryLayout<Float>.stride
          > Self.keptByteCountMaximum
    }
  }

  /// Why a worker's vector cannot be made a second time, or saves nothing; `nil` if it can.
  var reasonToKeepVectors: String? {
    if consistency.bound != 0 {
      return "workers that wait for nobody each compute at weights of their own; use "
        + "cluster.consistency=bsp or local"
    }
    if consolidationMoment != .globalBoundary || taskOrder != .shared {
      return "only vectors of workers at the same task are added up as one; use "
        + "arrival.order=shared and method.consolidate=on-global-boundary"
    }
    if !communicationPlan.isPlain {
      return "what is encoded depends on what was left out before; use "
        + "communication.push-codec=none, no gate, and communication.importance=fp32"
    }
    if communicationPlan.pull != nil {
      return "workers that are sent changes keep weights of their own; use "
        + "communication.pull-codec=none"
    }
    if methodPlan.references != .none {
      return "\(method.name) pushes references beside each gradient; use another method.name"
    }
    if updateRule == .sum {
      return "\(method.name) pushes sums, which have no mean; use another method.name"
    }
    if methodPlan.importance == .exchange {
      return "\(method.name) keeps every worker's importance; use another method.name"
    }
    if quadraticPenalty?.importanceRule(active: 1) != .mean, quadraticPenalty != nil {
      return "\(method.name) pushes several vectors for an importance; use another method.name"
    }
    let hasState = optimizer.kind != .sgd || optimizer.schedule != .constant
    if cluster.consistency == .local && hasState {
      return "local steps with \(optimizer.kind.rawValue) or a changing rate leave a state behind; "
        + "use optimizer.kind=sgd and optimizer.schedule=constant"
    }
    if simulation.computingWorkers != nil {
      return "workers push copies of others' gradients; use simulation.computing-workers=all"
    }
    return nil
  }
}
