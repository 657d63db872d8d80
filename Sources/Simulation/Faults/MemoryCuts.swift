public import Archives
public import Roles
import Synchronization

/// Cuts of a run in memory, as the bytes of their files; some of them are torn, vanish or find no
/// room, as a plan says.
public final class MemoryCuts: CutShelf {
  private let library: CutLibrary<MemoryFiles>

  /// - Parameter plan: What happens to which file.
  public init(_ plan: FaultPlan = FaultPlan()) {
    library = CutLibrary(MemoryFiles(plan), mark: 1)
  }

  /// A number below which all cuts are that any conduct of the run can have begun so far.
  public var nextBase: Int { library.nextBase }

  /// Writes a node's part at once.
  public func write(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome? {
    library.write(archive, cut: cut, of: node) { 0 }
  }

  /// What a node has saved.
  ///
  /// - Throws: ``ArchiveError`` if it is not there, not whole or not of this run.
  public func read(cut: Int, of node: NodeID) throws(ArchiveError) -> ArchiveReader {
    try library.read(cut: cut, of: node)
  }

  /// All parts are there: from now on the cut counts.
  public func complete(cut: Int, _ entries: [CutEntry]) { library.complete(cut: cut, entries) }

  /// The last cut of which all parts are whole.
  public func last(of nodes: [NodeID], remark: (String) -> Void) -> Int? {
    library.last(of: nodes, remark: remark)
  }

  /// Files that each node has written so far; the list of a cut is the coordinator's.
  var writes: [NodeID: Int] { library.files.writes }
  /// Faults that have happened.
  var injected: [Fault] { library.files.injected }
}

/// Files in memory.
struct MemoryFiles: CutFiles {
  private struct Content {
    /// By cut, by name.
    var files: [Int: [String: [UInt8]]] = [:]
    var writes: [NodeID: Int] = [:]
    var injected: [Fault] = []
  }

  /// Shared by all copies.
  private final class Box: Sendable {
    let content = Mutex(Content())
  }

  private let box = Box()
  private let faults: [Fault]

  init(_ plan: FaultPlan) {
    faults = plan.faults.filter {
      switch $0 {
      case .tear, .miss, .refuse: true
      default: false
      }
    }
  }

  var writes: [NodeID: Int] { box.content.withLock { $0.writes } }
  var injected: [Fault] { box.content.withLock { $0.injected } }

  var numbers: [Int] { box.content.withLock { $0.files.keys.sorted(by: >) } }

  func place(_ name: String, of cut: Int) -> String { "the part of \(name) in cut \(cut)" }

  func write(
    _ archive: Archive, as part: CutPart
  ) throws(ArchiveError) -> (byteCount: Int, checksum: UInt64) {
    var bytes: [UInt8] = []
    let written = part.write(archive) { bytes += $0 }
    // A list of parts is nobody's part.
    let node = (try? Self.node(named: part.node)) ?? .coordinator
    let isRefused = box.content.withLock { content in
      let number = (content.writes[node] ?? 0) + 1
      content.writes[node] = number
      var isRefused = false
      var kept: [UInt8]? = bytes
      for fault in faults {
        switch fault {
        case .tear(node, number): kept = Array(bytes.prefix(bytes.count * 2 / 3))
        case .miss(node, number): kept = nil
        case .refuse(node, number): isRefused = true
        default: continue
        }
        content.injected.append(fault)
      }
      if !isRefused { content.files[part.cut, default: [:]][part.node] = kept }
      return isRefused
    }
    if isRefused { throw ArchiveError("no space left on device") }
    return written
  }

  private static func node(named name: String) throws(FaultPlanError) -> NodeID {
    var words = FaultWords(name)
    return try words.node()
  }

  func read(_ name: String, of cut: Int) -> [UInt8]? {
    box.content.withLock { $0.files[cut]?[name] }
  }

  func has(_ name: String, of cut: Int) -> Bool { read(name, of: cut) != nil }

  func settle() {}

  func remove(_ cut: Int) { box.content.withLock { $0.files[cut] = nil } }
}
