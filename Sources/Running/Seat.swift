import Launch
public import Roles
import ZeroMQTransport

/// Where a coordinator listens, for all runs of a comparison: nodes register there again.
public struct Seat {
  let context = Context()
  let listener: Socket
  let interruption: Interruption
  /// Where it really listens.
  public let endpoint: Endpoint

  /// Listens at an endpoint.
  public init(_ endpoint: Endpoint) throws {
    listener = Socket(.router, in: context)
    self.endpoint = try listener.bind(endpoint)
    interruption = Interruption()
  }
}
