/// How long nodes wait for each other, in milliseconds.
public struct Timeouts: Sendable, Hashable, Codable {
  /// Between two heartbeats of a node.
  public var heartbeatMilliseconds: Int
  /// A node that says nothing for so long is lost.
  public var silenceMilliseconds: Int
  /// All nodes must have registered within this, and prepared within as long again. Nodes wait as
  /// long for the answer to their last word, and workers for a server that may be out of reach.
  public var startMilliseconds: Int

  /// Defaults find a dead node well within five seconds.
  public init(
    heartbeatMilliseconds: Int = 500, silenceMilliseconds: Int = 3_000,
    startMilliseconds: Int = 30_000
  ) {
    self.heartbeatMilliseconds = heartbeatMilliseconds
    self.silenceMilliseconds = silenceMilliseconds
    self.startMilliseconds = startMilliseconds
  }

  /// How long a worker waits for a server's sign of life.
  var reachMilliseconds: Int { max(silenceMilliseconds, startMilliseconds) }
}

extension Timeouts {
  /// Whether they are times, none of them beyond 34 years: moments can be told from them.
  var arePossible: Bool {
    [heartbeatMilliseconds, silenceMilliseconds, startMilliseconds]
      .allSatisfy { (1...1 << 40).contains($0) }
  }
}
