import Roles

/// Versions of a server's weights only grow in a life of it.
struct VersionsGrow: RunCheck {
  private(set) var violations: [String] = []
  // Never iterated.
  private var versions: [Int: UInt64] = [:]

  mutating func see(_ sight: Sight) {
    guard sight.node.kind == .server else { return }
    for (message, _) in sight.sent {
      switch (message.kind, message.payload) {
      case (.weights, _) where message.request == nil: enter(message.version, sight)
      case (_, .control(.opened(_, let version))), (_, .control(.sealed(_, let version, _))):
        enter(version, sight)
      default: continue
      }
    }
  }

  private mutating func enter(_ version: UInt64, _ sight: Sight) {
    if let last = versions[sight.place], version < last {
      violations.append("\(sight.node) went from version \(last) back to \(version)")
    }
    versions[sight.place] = version
  }

  func conclude(_ record: RunRecord) {}
}
