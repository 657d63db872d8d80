import Consolidation
package import Methods
import Models
package import Roles

extension Experiment.Method {
  /// The method with the settings that are its own.
  var value: any Methods.Method {
    let accumulation = Accumulation(mode: mode, decay: decay, anchor: anchor)
    return switch name {
    case .none: Plain()
    case .joint: Joint()
    case .independent: Independent()
    case .l2: L2(strength: lambda, accumulation: accumulation)
    case .ewc:
      EWC(
        strength: lambda, fisher: fisherInformation, examples: examples,
        accumulation: accumulation)
    case .mas: MAS(strength: lambda, examples: examples, accumulation: accumulation)
    case .si: SI(strength: lambda, damping: damping, accumulation: accumulation)
    case .fedcurv:
      FedCurv(
        strength: lambda, fisher: fisherInformation, examples: examples,
        accumulation: accumulation)
    }
  }

  private var fisherInformation: FisherInformation {
    switch fisher {
    case .exact: .exact
    case .sampled: .sampled
    case .empirical: .empirical
    case .predicted: .predicted
    case .batched: .batched(size: fisherBatch)
    }
  }
}

extension Experiment.Method.Name {
  /// Whether the method holds weights with a penalty, which has a strength.
  var hasPenalty: Bool {
    var method = Experiment.Method()
    method.name = self
    return method.value.penalty != nil
  }
}

extension Experiment {
  /// Which tasks are trained together.
  package var schedule: Schedule { method.value.schedule }

  /// What the servers hold on to of finished tasks; `nil` where nothing is consolidated.
  package var quadraticPenalty: QuadraticPenalty? {
    method.consolidate == .never ? nil : method.value.penalty
  }

  /// What the roles know of the method.
  package var methodPlan: MethodPlan {
    let source: ImportanceSource =
      switch quadraticPenalty?.importance {
      case nil: .none
      case .estimated: .workers
      case .gathered: .servers
      case .exchanged: .exchange
      }
    return MethodPlan(importance: source, startsAfresh: schedule == .independent)
  }
}
