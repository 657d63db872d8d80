/// A place in the equation of a step that a method can fill.
public enum Slot: String, Sendable, Hashable, CaseIterable {
  case penalty, memory, rehearsal, references, distillation, generation, readout, learner

  /// Whether a method fills it.
  public func isFilled(by method: any Method) -> Bool {
    switch self {
    case .penalty: method.penalty != nil
    case .memory: method.memory != nil
    case .rehearsal: method.rehearsal != nil
    case .references: method.references != nil
    case .distillation: method.distillation != nil || method.teaching != nil
    case .generation: method.generation != nil
    case .readout: method.readout != nil
    case .learner: method.learner != nil
    }
  }

  /// What two methods that both fill it both do.
  var words: String {
    switch self {
    case .penalty: "hold weights by a penalty"
    case .memory: "say which examples stay"
    case .rehearsal: "say which examples come back"
    case .references: "turn the step by references"
    case .distillation: "hold the network to other answers"
    case .generation: "make examples of finished tasks"
    case .readout: "say how scores become answers"
    case .learner: "learn without gradients"
    }
  }
}

extension Method {
  /// Whether it does anything against forgetting: a slot besides the schedule is filled.
  public var fightsForgetting: Bool { Slot.allCases.contains { $0.isFilled(by: self) } }
}
