extension Endpoint {
  /// Reads `tcp://HOST:PORT`, where HOST is a name, an IPv4 address, an IPv6 address in brackets or
  /// `*` for all addresses of IPv4, and PORT a number or `*` for any free one; or `ipc://PATH`.
  ///
  /// - Parameter portIfNone: Where the port may be left out.
  /// - Throws: ``EndpointError``.
  public init(_ text: String, portIfNone: UInt16? = nil) throws(EndpointError) {
    let rest = String(decoding: text.utf8.dropFirst(6), as: UTF8.self)
    if text.utf8.starts(with: "ipc://".utf8) {
      self = try Self.ipc(rest, text)
    } else if text.utf8.starts(with: "tcp://".utf8) {
      self = try Self.tcp(rest, text, portIfNone: portIfNone)
    } else {
      throw EndpointError(
        text, "is no endpoint; write tcp://HOST:PORT, or ipc://PATH for one machine")
    }
  }

  private static func ipc(_ path: String, _ text: String) throws(EndpointError) -> Endpoint {
    guard !path.isEmpty else {
      throw EndpointError(text, "names no file; write ipc://PATH")
    }
    guard !path.utf8.contains(0) else {
      throw EndpointError(text, "has a NUL in its path; choose another path")
    }
    guard path.utf8.count <= pathByteCountMaximum else {
      throw EndpointError(
        text,
        "has a path of \(path.utf8.count) bytes where a socket can have "
          + "\(pathByteCountMaximum); choose a shorter one, such as in /tmp")
    }
    return .ipc(path: path)
  }

  private static func tcp(
    _ rest: String, _ text: String, portIfNone: UInt16?
  ) throws(EndpointError) -> Endpoint {
    guard rest.utf8.first == UInt8(ascii: "[") else {
      let colon = rest.lastIndex(of: ":")
      let host = rest[..<(colon ?? rest.endIndex)]
      guard !host.contains(":") else {
        throw EndpointError(
          text, "has more than one colon; an IPv6 address stands in brackets: tcp://[::1]:5170")
      }
      let port = try port(colon.map { rest[rest.index(after: $0)...] }, text, portIfNone)
      return .tcp(try self.host(host, text), port: port)
    }
    guard let end = rest.firstIndex(of: "]") else {
      throw EndpointError(text, "lacks the bracket that closes its address")
    }
    let inside = rest[..<end].dropFirst()
    guard let address = IPAddress(inside), address.isIPv6 else {
      throw EndpointError(text, "has no IPv6 address in its brackets; write tcp://[::1]:5170")
    }
    let after = rest[end...].dropFirst()
    guard after.isEmpty || after.first == ":" else {
      throw EndpointError(text, "has something else than :PORT behind its bracket")
    }
    let port = try port(after.isEmpty ? nil : after.dropFirst(), text, portIfNone)
    return .tcp(.address(address), port: port)
  }

  private static func port(
    _ digits: Substring?, _ text: String, _ portIfNone: UInt16?
  ) throws(EndpointError) -> UInt16 {
    guard let digits else {
      if let portIfNone { return portIfNone }
      throw EndpointError(text, "lacks a port; write tcp://HOST:PORT")
    }
    if digits == "*" { return 0 }
    guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits) else {
      throw EndpointError(
        text, "has no port from 0 to 65535 behind its last colon; 0 is any free one, for listening")
    }
    return port
  }

  private static func host(_ host: Substring, _ text: String) throws(EndpointError) -> Host {
    if host == "*" { return .address(.v4(0)) }
    if let address = IPAddress(host) { return .address(address) }
    guard !host.isEmpty else {
      throw EndpointError(
        text,
        "names no host; write tcp://HOST:PORT, or tcp://0.0.0.0:PORT to "
          + "listen at all addresses")
    }
    var labels = host.split(separator: ".", omittingEmptySubsequences: false)
    // A name may end in the dot of the root.
    if labels.count > 1, labels.last == "" { labels.removeLast() }
    // No name ends in a number, so that this one was meant for an address.
    if labels.last?.utf8.allSatisfy(\.isDigit) == true, labels.last != "" {
      throw EndpointError(
        text, "has an address that is none; one of IPv4 has four numbers from 0 to 255")
    }
    let areGood = labels.allSatisfy {
      (1...63).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isPartOfName)
        && $0.utf8.first != UInt8(ascii: "-")
    }
    guard areGood, host.utf8.count <= 253 else {
      throw EndpointError(
        text, "has a host that is no name; names have letters, digits, dots and hyphens")
    }
    return .name(String(host))
  }
}
