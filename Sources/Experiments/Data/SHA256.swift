import CSodium

/// SHA-256, piece by piece.
public struct SHA256 {
  private var state = crypto_hash_sha256_state()

  /// The library's version: `1.0.18`.
  public static var libraryVersion: String { String(cString: sodium_version_string()) }

  /// The digest of nothing yet.
  public init() { crypto_hash_sha256_init(&state) }

  /// Takes more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    crypto_hash_sha256_update(
      &state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
  }

  /// The digest as 64 hexadecimal digits. Call once.
  public mutating func hexDigest() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_hash_sha256_final(&state, &digest)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The digest of some bytes.
  public static func hexDigest(of bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexDigest()
  }
}
