import Roles

/// An accuracy belongs to one version of every shard: that which the coordinator announced.
struct RowsOfOneVersion: RunCheck {
  private struct Request: Hashable {
    let place: Int
    let id: Int
  }

  private(set) var violations: [String] = []
  // Never iterated.
  private var announced: [Request: [UInt64]] = [:]
  /// By place: of the weights that were tested last.
  private var tested: [Int: [UInt64]] = [:]

  mutating func see(_ sight: Sight) {
    guard sight.node.kind == .worker else { return }
    if case .message(let message, _) = sight.input,
      case .control(.measure(let request)) =
        message.payload
    {
      announced[Request(place: sight.place, id: request.id)] = request.versions
    }
    for effect in sight.effects {
      switch effect {
      case .perform(.evaluate(_, _, let weights)): tested[sight.place] = weights.versions
      case .send(let message, _): told(message, sight)
      default: continue
      }
    }
  }

  private mutating func told(_ message: Message, _ sight: Sight) {
    guard case .control(.measured(let id, _, _)) = message.payload else { return }
    defer { tested[sight.place] = nil }
    guard let versions = tested[sight.place],
      let wanted = announced[Request(place: sight.place, id: id)], versions != wanted
    else { return }
    violations.append(
      "\(sight.node) measured versions \(versions) where \(wanted) were announced")
  }

  func conclude(_ record: RunRecord) {}
}
