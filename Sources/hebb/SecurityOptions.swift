import ArgumentParser
import Roles
import Running
import ZeroMQTransport

/// What nodes take that were started one by one: how their connections over tcp are protected.
struct SecurityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder with this node's secret key and the public ones of all (hebb keygen).",
      discussion: """
        All that goes over tcp is encrypted, and only nodes with these keys come in. All nodes of \
        a run have keys, or none.
        """, valueName: "folder"))
  var keys: String?

  @Flag(
    help: "Listen beyond this machine without keys: whoever reaches the endpoint may take part.")
  var insecure = false

  func validate() throws {
    if keys != nil && insecure {
      throw ValidationError("--insecure is for nodes without keys; leave it out, or --keys")
    }
  }

  /// How a node is protected.
  ///
  /// - Throws: `KeyError` where it should have keys and has none.
  func security(of node: NodeID) throws -> TransportSecurity {
    if let keys { return try KeyFolder(keys).security(of: node) }
    return insecure ? .insecure : .thisMachine
  }

  /// What whoever starts a coordinator is told.
  var remark: String? {
    if let keys { return "over tcp only nodes come in that have keys of \(keys)" }
    return insecure ? "nothing is encrypted, and whoever reaches this endpoint may take part" : nil
  }
}
