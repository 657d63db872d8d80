package import Methods
package import Roles
import Streams

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
    let references: ReferencePlan =
      switch method.value.references?.source {
      case nil: .none
      case .eachStage: .perStage
      case .drawn: .joint
      }
    return MethodPlan(
      importance: source, references: references, startsAfresh: schedule == .independent,
      readout: method.value.readout)
  }

  /// What servers do with the references of a step; `nil` where none are pushed.
  package var stepTransform: StepTransform? {
    guard let references = method.value.references else { return nil }
    // Nobody keeps more than all there is.
    let most =
      switch (references.source, method.value.memory?.capacity) {
      case (.drawn(let batch), _): batch
      case (.eachStage, .ofEachTask(let count)): count * stream.tasks
      case (.eachStage, .total(let count)): count
      // As many as a message can speak of.
      case (.eachStage, .ofEachGroup): Int(UInt32.max)
      case (.eachStage, nil): 0
      }
    return StepTransform(
      rule: references.transform, exampleCountMaximum: most, serverCount: cluster.servers)
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
