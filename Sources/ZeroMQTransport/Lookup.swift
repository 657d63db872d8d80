import CPlatform
public import Roles

extension Endpoint.Host {
  /// The machine's address, looked up once: of IPv4, where it has both.
  ///
  /// - Parameter isOwn: Whether the name may be one of this machine's network interfaces.
  func address(isOwn: Bool = false) throws(TransportError) -> IPAddress {
    let name: String
    switch self {
    case .address(let address): return address
    case .name(let given): name = given
    }
    var text = [CChar](repeating: 0, count: 128)
    let problem = hebb_resolve(name, &text, Int32(text.count))
    if problem == 0, let address = IPAddress(text.text) { return address }
    if isOwn, hebb_interface_address(name, &text, Int32(text.count)) == 0,
      let address = IPAddress(text.text)
    {
      return address
    }
    let words = hebb_resolve_problem(problem).map { String(cString: $0) } ?? "no address"
    throw TransportError(
      "the name \(name) does not resolve (\(words)); check its spelling, or give the address")
  }
}

extension Endpoint {
  /// The endpoint with an address instead of a name.
  func resolved(isOwn: Bool = false) throws(TransportError) -> Endpoint {
    guard case .tcp(let host, let port) = self else { return self }
    return .tcp(.address(try host.address(isOwn: isOwn)), port: port)
  }

  /// Whether a socket has to be told to speak IPv6.
  var isIPv6: Bool {
    if case .tcp(.address(let address), _) = self { address.isIPv6 } else { false }
  }
}

extension Route {
  /// The way to an endpoint; `nil` for a file. Nothing is sent.
  ///
  /// - Throws: ``TransportError`` if there is none, or the name does not resolve.
  public init?(to endpoint: Endpoint) throws(TransportError) {
    guard case .tcp(let host, _) = endpoint else { return nil }
    let remote = try host.address()
    var text = [CChar](repeating: 0, count: 128)
    let problem = hebb_route(remote.description, &text, Int32(text.count))
    guard problem == 0, let local = IPAddress(text.text) else {
      throw TransportError(
        "there is no way from this machine to \(endpoint) (\(TransportError.words(problem))); "
          + "check the address and the network")
    }
    self.init(local: local, remote: remote)
  }
}

extension [CChar] {
  /// Up to the zero that ends it.
  var text: String {
    String(decoding: prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
