package import Methods
package import Roles

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

  /// The methods to run: those of `compare`, or just `method`.
  public var methods: [MethodChoice] { compare.isEmpty ? [method] : compare }

  /// This experiment with one method and nothing to compare.
  public func with(_ method: MethodChoice) -> Experiment {
    var one = self
    one.method = method
    one.compare = []
    return one
  }
}
