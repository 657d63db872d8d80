/// How one machine reaches another: the two ends of the way.
public struct Route: Sendable, Hashable {
  /// The address by which this machine is known at the other end.
  public let local: IPAddress
  public let remote: IPAddress

  /// - Parameters:
  ///   - local: From which packets leave.
  ///   - remote: To which they go.
  public init(local: IPAddress, remote: IPAddress) {
    self.local = local
    self.remote = remote
  }

  /// Whether it does not leave this machine: what a machine sends to an address of its own leaves
  /// from the same one.
  public var staysHere: Bool { local == remote || remote.isLoopback }
}
