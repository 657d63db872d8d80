import Foundation
public import Roles
public import ZeroMQTransport

/// A folder of keys: `public.keys` with those of all nodes, and for each node a file with its
/// secret, as `worker-0.secret`. A node needs the former and its own of the latter.
public struct KeyFolder {
  private let path: String

  /// - Parameter path: Where it is, or is to be made.
  public init(_ path: String) { self.path = path }

  /// The public keys' file.
  public var publicFile: String { path + "/public.keys" }

  private func secretFile(of node: NodeID) -> String { path + "/\(node.fileName).secret" }

  // MARK: Writing

  /// Writes keys into files that nobody but this user can read; makes the folder if need be.
  ///
  /// - Parameter absent: A node whose secret is not written: it is had already.
  /// - Throws: `KeyError` if there are keys already, or they cannot be written; then none are left.
  public func write(_ keys: ClusterKeys, withoutSecretOf absent: NodeID? = nil) throws {
    let nodes = keys.known.nodes.filter { $0 != absent }
    if mkdir(path, 0o700) != 0 && errno != EEXIST {
      throw KeyError("cannot make \(path) (\(Self.problem)); name another folder")
    }
    let files =
      [(publicFile, keys.known.text)]
      + nodes.map { (secretFile(of: $0), keys.pair(of: $0).secretKey.text + "\n") }
    for (index, (file, text)) in files.enumerated() {
      do throws(KeyError) {
        try Self.write(text, to: file)
      } catch {
        for (written, _) in files[..<index] { unlink(written) }
        throw error
      }
    }
  }

  /// Makes a file; leaves one alone that is there.
  private static func write(_ text: String, to file: String) throws(KeyError) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw KeyError(
        errno == EEXIST
          ? "\(file) is there already, and keys are not made anew under their nodes; name another "
            + "folder, or remove it"
          : "cannot write \(file) (\(problem)); check space and permissions")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
    } catch {
      unlink(file)
      throw KeyError("cannot write \(file) (\(error.localizedDescription)); check its space")
    }
  }

  // MARK: Reading

  /// How a node is protected by its keys in here.
  ///
  /// - Throws: `KeyError` if they are not there, do not belong together, or others can read the
  ///   secret.
  public func security(of node: NodeID) throws -> TransportSecurity {
    let known = try PublicKeys(
      text: try Self.read(publicFile, isSecret: false), named: publicFile)
    let file = secretFile(of: node)
    let text = try Self.read(file, isSecret: true)
    guard let key = CurveKey(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw KeyError("\(file) is no secret key; copy the file that `hebb keygen` made")
    }
    return .keys(try KeyRing(node, own: KeyPair(secretKey: key), known: known))
  }

  private static func read(_ file: String, isSecret: Bool) throws(KeyError) -> String {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw KeyError(
        "cannot read \(file) (\(problem)); make keys with `hebb keygen FOLDER` and copy a node's "
          + "own and public.keys to its machine")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw KeyError("\(file) is no file; copy the one that `hebb keygen` made")
    }
    if isSecret, status.st_mode & 0o077 != 0 {
      throw KeyError("\(file) can be read by others; say `chmod 600 \(file)`")
    }
    // Lines of 65535 nodes of each kind fit.
    let data = (try? handle.read(upToCount: 8 << 20)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  private static var problem: String { String(cString: strerror(errno)) }
}
