public import Roles

/// The public keys of a cluster's nodes: who is who.
///
/// As text it has a line for each, in order, with a name and 40 characters of Z85:
///
///     coordinator Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID
///     server-0 …
///     worker-0 …
public struct PublicKeys: Sendable, Hashable {
  private let keys: [NodeID: CurveKey]

  /// - Parameter keys: One for each node, no two of them equal.
  public init(_ keys: [NodeID: CurveKey]) { self.keys = keys }

  /// Reads what ``text`` writes.
  ///
  /// - Parameters:
  ///   - text: Lines; empty ones are passed over.
  ///   - name: What to call the text in sentences: a file's path.
  /// - Throws: ``KeyError`` for a line that names no node with a key, or one that was there before.
  public init(text: some StringProtocol, named name: String) throws(KeyError) {
    var keys: [NodeID: CurveKey] = [:]
    var known: Set<CurveKey> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count == 2, let node = NodeID(fileName: words[0]), let key = CurveKey(words[1])
      else {
        throw KeyError(
          "\(name), line \(index + 1): a line has a node, as worker-0, and its public key of 40 "
            + "characters; copy the file that `hebb keygen` made")
      }
      guard keys.updateValue(key, forKey: node) == nil, known.insert(key).inserted else {
        throw KeyError(
          "\(name), line \(index + 1): \(node) or its key stands there twice; copy the file that "
            + "`hebb keygen` made")
      }
    }
    self.keys = keys
  }

  /// As it is read again.
  public var text: String {
    nodes.map { "\($0.fileName) \(keys[$0]!.text)\n" }.joined()
  }

  /// All whose keys are known: the coordinator, then servers, then workers, by rank.
  public var nodes: [NodeID] { keys.keys.sorted() }

  /// The key of a node, if it is known.
  public subscript(node: NodeID) -> CurveKey? { keys[node] }
}

extension NodeID {
  /// A name that a file may have: `coordinator`, `server-0`, `worker-12`.
  package var fileName: String { description.replacing(" ", with: "-") }

  /// Reads ``fileName``; `nil` for anything else.
  init?(fileName: some StringProtocol) {
    let parts = fileName.split(separator: "-", omittingEmptySubsequences: false)
    if fileName == "coordinator" {
      self = .coordinator
    } else if parts.count == 2, let rank = UInt16(parts[1]), "\(rank)" == parts[1],
      let kind = [Kind.server, .worker].first(where: { "\($0)" == parts[0] })
    {
      self.init(kind, Int(rank))
    } else {
      return nil
    }
  }
}
