/// Where a socket listens: `tcp://HOST:PORT` or `ipc://PATH`. Whoever reads one from a person or a
/// peer makes it this, so that what is wrong is said there, in words.
public enum Endpoint: Sendable, Hashable {
  /// Port 0 is any free one, for listening.
  case tcp(Host, port: UInt16)
  /// The path of a socket's file, at most ``pathByteCountMaximum`` bytes.
  case ipc(path: String)

  /// A machine.
  public enum Host: Sendable, Hashable {
    case address(IPAddress)
    /// To be looked up where it is used.
    case name(String)
  }

  /// Any free port of this machine, for itself alone.
  public static let anyLocalPort = Endpoint.tcp(.address(.loopback), port: 0)

  /// What the kernel has room for in the address of a socket.
  public static var pathByteCountMaximum: Int {
    #if os(Linux)
      107
    #else
      103
    #endif
  }

  /// Whether it is reached from its own machine alone.
  public var isWithinMachine: Bool {
    switch self {
    case .ipc: true
    case .tcp(.address(let address), _): address.isLoopback
    case .tcp(.name(let name), _): name.lowercased() == "localhost"
    }
  }

  /// Whether it stands for all addresses of its machine.
  public var isWildcard: Bool {
    if case .tcp(.address(let address), _) = self { address.isWildcard } else { false }
  }

  /// Of tcp.
  public var port: UInt16? { if case .tcp(_, let port) = self { port } else { nil } }

  /// This endpoint, if somebody can connect to it.
  ///
  /// - Throws: ``EndpointError`` for what is good for listening only.
  public func connectable() throws(EndpointError) -> Endpoint {
    if isWildcard {
      throw EndpointError(description, "is for listening at all addresses; name one machine")
    }
    if port == 0 {
      throw EndpointError(description, "is for listening at any free port; give the port itself")
    }
    return self
  }
}

extension Endpoint: CustomStringConvertible {
  /// As it is read again.
  public var description: String {
    switch self {
    case .ipc(let path): "ipc://\(path)"
    case .tcp(.address(let address), let port) where address.isIPv6: "tcp://[\(address)]:\(port)"
    case .tcp(let host, let port): "tcp://\(host):\(port)"
    }
  }
}

extension Endpoint.Host: CustomStringConvertible {
  public var description: String {
    switch self {
    case .address(let address): "\(address)"
    case .name(let name): name
    }
  }
}

/// What is wrong with an endpoint, and what to write instead: one sentence.
public struct EndpointError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter sentence: All of it.
  public init(_ sentence: String) { description = sentence }

  /// - Parameter text: As it was written; shortened and made safe to show.
  init(_ text: String, _ problem: String) {
    let shown = text.unicodeScalars.prefix(160).map {
      $0.properties.generalCategory == .control ? "?" : String($0)
    }.joined()
    let rest = text.unicodeScalars.count > 160 ? "…" : ""
    description = (shown.isEmpty ? "an empty endpoint" : shown + rest) + " \(problem)"
  }
}
