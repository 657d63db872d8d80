public import Experiments
public import Roles

/// Tells who has come to a run that nodes join from elsewhere, who is missing, and who has left.
public final class Attendance {
  private let nodeCount: Int
  private let method: String
  private let seat: Seat
  private let say: (String) -> Void
  private var present: Set<NodeID> = []
  private var ready: Set<NodeID> = []

  /// - Parameters:
  ///   - seat: Where they come to.
  ///   - say: Told of each sentence.
  public init(_ experiment: Experiment, at seat: Seat, _ say: @escaping (String) -> Void) {
    self.seat = seat
    nodeCount = experiment.cluster.servers + experiment.cluster.workers
    method = experiment.method.name
    self.say = say
  }

  /// Takes in an event, and says what is worth saying of it.
  public func note(_ event: Event) {
    switch event {
    case .registered(let node):
      present.insert(node)
      say("\(node) is here (\(present.count) of \(nodeCount))")
    case .prepared(let node):
      ready.insert(node)
      if ready.count == nodeCount { say("all \(nodeCount) nodes are ready for \(method)") }
    case .left(let node):
      present.remove(node)
      if ready.count < nodeCount {
        say("\(node) has left (\(present.count) of \(nodeCount))")
      } else if present.isEmpty {
        say("all \(nodeCount) nodes have finished \(method)")
      }
    case .waiting(let sentence, _):
      let isSilent = seat.isEncrypted && present.count < nodeCount
      say(sentence + (isSilent ? "; a node without a key that is known here is not heard" : ""))
    default: break
    }
  }
}
