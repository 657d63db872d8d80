/// Where a server listens, and what it tells the workers.
///
/// The server itself sees to it that it can be reached: it knows whether its coordinator is on this
/// machine, and the one who can mend it reads its words. The coordinator sees registrations only.
public struct ServerPlace: Sendable {
  /// Where it listens.
  public let bind: Endpoint
  private let advertise: Endpoint?
  private let route: Route?

  /// - Parameters:
  ///   - bind: Where to listen; otherwise any free port at the address by which the coordinator's
  ///     machine knows this one.
  ///   - advertise: What to tell the workers, if they know this machine by another name; port 0 is
  ///     the one that is bound.
  ///   - route: The way to the coordinator; `nil` if that is reached by a file.
  public init(bind: Endpoint?, advertise: Endpoint?, route: Route?) {
    if let bind {
      self.bind = bind
    } else {
      self.bind = .tcp(.address(route.map(\.local) ?? .loopback), port: 0)
    }
    self.advertise = advertise
    self.route = route
  }

  /// What to tell the workers.
  ///
  /// - Parameter bound: Where it really listens.
  /// - Throws: ``EndpointError`` if they could not connect there.
  public func told(bound: Endpoint) throws(EndpointError) -> Endpoint {
    let told: Endpoint
    switch (advertise, bound) {
    case (.tcp(let host, port: 0)?, .tcp(_, let port)): told = .tcp(host, port: port)
    case (.tcp(_, port: 0)?, .ipc):
      throw EndpointError(
        "--advertise needs a port, for \(bound) has none that it could stand for")
    case (let advertise?, _): told = advertise
    case (nil, .tcp(.address(let address), let port)) where address.isWildcard:
      told = .tcp(.address(try own(instead: address)), port: port)
    case (nil, _): told = bound
    }
    if let route, !route.staysHere, told.isWithinMachine {
      throw EndpointError(
        "nobody reaches \(told) but from this machine, and the coordinator is at \(route.remote); "
          + "leave --bind out to listen at \(route.local), or give --advertise tcp://HOST:0")
    }
    return try told.connectable()
  }

  /// One address of this machine for all of them.
  private func own(instead wildcard: IPAddress) throws(EndpointError) -> IPAddress {
    guard let route else { return wildcard.isIPv6 ? .v6([0, 0, 0, 0, 0, 0, 0, 1]) : .loopback }
    if route.local.isIPv6, !wildcard.isIPv6 {
      throw EndpointError(
        "the coordinator is reached over IPv6, at which \(wildcard) does not listen; "
          + "write --bind 'tcp://[::]:0'")
    }
    return route.local
  }
}
