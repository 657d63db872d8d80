import Experiments
import Reports
import Roles

/// What a node that was started by hand says of its life, on standard error.
struct NodeDiary {
  private let id: NodeID
  private let coordinator: String

  init(of id: NodeID, coordinator: String) {
    self.id = id
    self.coordinator = coordinator
  }

  func tell(_ event: Event) {
    switch event {
    case .connected: say("\(id) is connected to the coordinator at \(coordinator)")
    case .welcomed(_, let text):
      let experiment = try? Experiment(yaml: text, named: "the coordinator's experiment", sets: [])
      let what = experiment.map { "\($0.method.name) on \($0.name)" } ?? "an experiment"
      say("\(id) prepares for \(what)")
    case .waiting(let sentence, _): say(sentence)
    default: break
    }
  }

  /// Failures are told by whoever ends the process.
  func tell(_ ending: Ending) {
    switch ending {
    case .completed: say("\(id) has finished")
    case .completedWithAnother: say("\(id) has finished; another run follows")
    case .failed: break
    }
  }

  private func say(_ sentence: String) {
    Screen.complain(printable("hebb: \(sentence)"))
  }
}
