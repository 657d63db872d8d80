import Roles

/// How connections over tcp are protected. Those over files are private to the user as they are.
public enum TransportSecurity: Sendable {
  /// Encrypted (CURVE), and only nodes whose public keys are known come in, each under its own
  /// name.
  case keys(KeyRing)
  /// Not at all, and so nobody listens beyond this machine.
  case thisMachine
  /// Not at all, wherever somebody listens.
  case insecure

  /// Sees to it that all nodes of a cluster can come in.
  ///
  /// - Throws: ``KeyError`` that names one without a key.
  public func check(serverCount: Int, workerCount: Int) throws(KeyError) {
    guard let known = ring?.known,
      let absent = NodeID.all(serverCount: serverCount, workerCount: workerCount).first(where: {
        known[$0] == nil
      })
    else { return }
    throw KeyError(
      "there is no public key of \(absent), so that it could not come in; make keys with `hebb "
        + "keygen FOLDER --workers \(workerCount) --servers \(serverCount)`")
  }

  /// The keys, if there are any.
  var ring: KeyRing? { if case .keys(let ring) = self { ring } else { nil } }
}
