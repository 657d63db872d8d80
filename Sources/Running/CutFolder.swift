import Archives
import Foundation
import Launch
import Roles

/// The cuts of one run as files: a folder a cut, in it a file for each node's part, and one that
/// lists them all. The list is written last: a cut counts once it is there.
///
/// Every file is written aside, synced and renamed, and its folder synced, so that after a loss of
/// power it is there as a whole or not at all. What is not whole, damaged, of another run or of
/// another cut than its name says is refused, and the cut before is taken.
final class CutFolder: CutStore {
  private let path: String
  private let mark: UInt64
  /// Where it is told what came of a part; `nil`: parts are written at once.
  private let told: Mailbox<Input>?
  private let queue = DispatchQueue(label: "cuts", qos: .utility)

  /// - Parameters:
  ///   - path: The folder, which is there.
  ///   - mark: A random number that all parts of the run have.
  ///   - told: Where it is told what came of a part that was written in the background; if it is
  ///     `nil`, parts are written at once.
  init(_ path: String, mark: UInt64, told: Mailbox<Input>? = nil) {
    self.path = path
    self.mark = mark
    self.told = told
  }

  // MARK: Names

  private static let list = "parts"

  private func folder(_ cut: Int) -> String {
    let digits = String(cut)
    return path + "/cut-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
  }

  private static func fileName(_ node: String) -> String {
    node.replacingOccurrences(of: " ", with: "-") + ".part"
  }

  /// All cuts of which there is anything, the last one first.
  private var numbers: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      name.hasPrefix("cut-") ? Int(name.dropFirst("cut-".count)) : nil
    }.sorted(by: >)
  }

  /// A number below which all cuts are that any conduct of the run can have begun so far.
  var nextBase: Int { ((numbers.first ?? 0) / Self.conductSize + 1) * Self.conductSize }

  /// Cuts of one conduct of a run.
  static let conductSize = 1_000_000

  // MARK: Writing

  func write(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome? {
    guard let told else { return put(archive, cut: cut, of: node) }
    queue.async { told.post(.saved(self.put(archive, cut: cut, of: node), cut: cut)) }
    return nil
  }

  private func put(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome {
    let begin = ContinuousClock.now
    do {
      let written = try put(archive, cut: cut, named: "\(node)")
      return .written(
        CutEntry(
          node: node, byteCount: written.byteCount,
          checksum: String(written.checksum, radix: 16),
          seconds: begin.duration(to: .now) / .seconds(1)))
    } catch {
      return .failed(reason: "\(node) cannot write its part of a cut: \(error)")
    }
  }

  private func put(
    _ archive: Archive, cut: Int, named name: String
  ) throws(CutError) -> (byteCount: Int, checksum: UInt64) {
    let folder = folder(cut)
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw CutError(folder) }
    let file = try DurableFile(folder + "/" + Self.fileName(name))
    let written: (byteCount: Int, checksum: UInt64)
    do {
      written = try CutPart(mark: mark, cut: cut, node: name).write(archive) { try file.append($0) }
    } catch {
      throw error as? CutError ?? CutError(folder)
    }
    try file.commit()
    return written
  }

  func complete(cut: Int, _ entries: [CutEntry]) {
    let work: @Sendable () -> Void = { [self] in
      var archive = Archive()
      archive.put("entries", each: entries) { archive, entry in
        archive.put("node", "\(entry.node)")
        archive.put("byteCount", entry.byteCount)
        archive.put("checksum", entry.checksum)
      }
      // A cut without a list is none; the run goes on all the same.
      guard (try? put(archive, cut: cut, named: Self.list)) != nil else { return }
      DurableFile.sync(folder: path)
      let earlier = numbers.first { $0 < cut && isListed($0) }
      for number in numbers where number != cut && number != earlier {
        try? FileManager.default.removeItem(atPath: folder(number))
      }
    }
    if told == nil { work() } else { queue.async(execute: work) }
  }

  private func isListed(_ cut: Int) -> Bool {
    FileManager.default.fileExists(atPath: folder(cut) + "/" + Self.fileName(Self.list))
  }

  /// Waits for what is being written.
  func finish() { queue.sync {} }

  // MARK: Reading

  func read(cut: Int, of node: NodeID) throws(ArchiveError) -> ArchiveReader {
    let checksums = try checksums(of: cut)
    guard let checksum = checksums["\(node)"] else {
      throw ArchiveError("\(folder(cut)) has none of \(node)")
    }
    return try part(cut, "\(node)", checksum: checksum)
  }

  private func part(
    _ cut: Int, _ node: String, checksum: UInt64? = nil
  ) throws(ArchiveError) -> ArchiveReader {
    let file = folder(cut) + "/" + Self.fileName(node)
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ArchiveError("\(file) is missing or cannot be read")
    }
    do {
      return try CutPart(mark: mark, cut: cut, node: node)
        .decode([UInt8](data), checksum: checksum)
    } catch {
      throw ArchiveError("\(file) \(error)")
    }
  }

  /// By node: the checksum at the end of its file.
  private func checksums(of cut: Int) throws(ArchiveError) -> [String: UInt64] {
    var reader = try part(cut, Self.list)
    let pairs = try reader.take(each: "entries") { reader throws(ArchiveError) in
      let node = try reader.take("node", as: String.self)
      _ = try reader.take("byteCount", as: Int.self)
      guard let sum = UInt64(try reader.take("checksum", as: String.self), radix: 16) else {
        throw reader.error("is no checksum")
      }
      return (node, sum)
    }
    return Dictionary(pairs) { $1 }
  }

  /// The last cut of which all parts are whole.
  ///
  /// - Parameters:
  ///   - nodes: Whose parts there must be.
  ///   - remark: Told of each cut that is passed over, and why.
  func last(of nodes: [NodeID], remark: (String) -> Void = { _ in }) -> Int? {
    numbers.first { cut in
      // Nodes were writing when the run ended: nothing is wrong.
      guard isListed(cut) else { return false }
      do {
        for node in nodes { _ = try read(cut: cut, of: node) }
        return true
      } catch {
        remark("a saved state cannot be used, and the one before is taken: \(error)")
        return false
      }
    }
  }
}

/// A file that is there as a whole or not at all, whatever happens.
struct DurableFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  private static func aside(_ path: String) -> String { path + ".new" }

  /// Begins to write it aside.
  init(_ path: String) throws(CutError) {
    self.path = path
    descriptor = open(Self.aside(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CutError(path) }
  }

  deinit { close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) throws(CutError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw CutError(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts it in its place.
  func commit() throws(CutError) {
    guard fsync(descriptor) == 0, rename(Self.aside(path), path) == 0 else { throw CutError(path) }
    Self.sync(folder: URL(fileURLWithPath: path).deletingLastPathComponent().path)
  }

  /// Makes names in a folder last.
  static func sync(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Why a file of a cut could not be written.
struct CutError: Error, CustomStringConvertible {
  let description: String

  /// - Parameter path: The file or folder; the reason is the system's last one.
  init(_ path: String) { description = "\(path): \(String(cString: strerror(errno)))" }
}
