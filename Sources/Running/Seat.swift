import Launch
public import Roles
public import ZeroMQTransport

/// Where a coordinator listens, for all runs of a comparison: nodes register there again.
public struct Seat {
  let context: Context
  let listener: Socket
  let interruption: Interruption
  /// Where it really listens.
  public let endpoint: Endpoint

  /// Listens at an endpoint.
  ///
  /// - Parameter security: How it is protected, if it is one of tcp.
  public init(_ endpoint: Endpoint, _ security: TransportSecurity = .thisMachine) throws {
    context = Context(security)
    listener = Socket(.router, in: context)
    self.endpoint = try listener.bind(endpoint)
    interruption = Interruption()
  }

  /// Whether only nodes come in whose keys are known.
  var isEncrypted: Bool { listener.isEncrypted == true }
}
