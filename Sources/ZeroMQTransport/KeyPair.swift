import CZeroMQ

/// One half of a pair of CURVE keys: 32 bytes, written as 40 characters of Z85 (ZeroMQ RFC 32).
public struct CurveKey: Sendable, Hashable {
  /// Its 40 characters.
  public let text: String

  /// Reads a key; `nil` for what is none.
  public init?(_ text: some StringProtocol) {
    let text = String(text)
    var bytes = [UInt8](repeating: 0, count: 32)
    guard text.utf8.count == 40, zmq_z85_decode(&bytes, text) != nil else { return nil }
    self.text = text
  }

  /// - Parameter bytes: 32 of them; `nil` for any other number.
  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    var buffer = [CChar](repeating: 0, count: 41)
    guard zmq_z85_encode(&buffer, bytes, bytes.count) != nil else { return nil }
    text = buffer.text
  }
}

/// Who a node is: a secret that it proves to have, and the public key by which others know it
/// (Curve25519, ZeroMQ RFC 26).
public struct KeyPair: Sendable, Hashable {
  /// For everybody to know.
  public let publicKey: CurveKey
  /// For the node alone.
  package let secretKey: CurveKey

  /// A fresh pair, of the system's randomness.
  ///
  /// - Throws: ``KeyError`` where libzmq was built without CURVE.
  public static func fresh() throws(KeyError) -> KeyPair {
    var (publicText, secretText) = (
      [CChar](repeating: 0, count: 41), [CChar](repeating: 0, count: 41)
    )
    guard zmq_curve_keypair(&publicText, &secretText) == 0 else { throw .withoutCurve }
    return try KeyPair(secretKey: CurveKey(secretText.text))
  }

  /// The pair that a secret key belongs to.
  ///
  /// - Throws: ``KeyError`` where libzmq was built without CURVE.
  package init(secretKey: CurveKey?) throws(KeyError) {
    var buffer = [CChar](repeating: 0, count: 41)
    guard let secretKey, zmq_curve_public(&buffer, secretKey.text) == 0,
      let publicKey = CurveKey(buffer.text)
    else { throw .withoutCurve }
    (self.publicKey, self.secretKey) = (publicKey, secretKey)
  }
}

/// What is wrong with a node's keys: one sentence with its remedy.
public struct KeyError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter sentence: All of it.
  public init(_ sentence: String) { description = sentence }

  static let withoutCurve = KeyError(
    "this libzmq was built without CURVE, so that nothing can be encrypted; install one that has "
      + "it (Debian's libzmq3-dev), or set cluster.transport: ipc")
}
