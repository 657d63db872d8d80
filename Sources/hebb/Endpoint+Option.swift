import Roles

extension Endpoint {
  /// Reads what an option of the command line says.
  ///
  /// - Parameters:
  ///   - portIfNone: Where the port may be left out.
  ///   - isToConnect: Whether it has to be one machine's one port.
  /// - Throws: `EndpointError` that names the option.
  init(
    option: String, _ text: String, portIfNone: UInt16? = nil,
    isToConnect: Bool = false
  ) throws(EndpointError) {
    do {
      let endpoint = try Endpoint(text, portIfNone: portIfNone)
      self = isToConnect ? try endpoint.connectable() : endpoint
    } catch {
      throw EndpointError("\(option) \(error)")
    }
  }
}
