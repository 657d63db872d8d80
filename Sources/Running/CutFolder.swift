import Archives
import Foundation
import Launch
import Roles

/// The cuts of one run as files: a folder a cut.
///
/// Every file is written aside, synced and renamed, and its folder synced, so that after a loss of
/// power it is there as a whole or not at all.
final class CutFolder: CutShelf {
  private let library: CutLibrary<FolderFiles>
  /// Where it is told what came of a part; `nil`: parts are written at once.
  private let told: Mailbox<Input>?
  private let queue = DispatchQueue(label: "cuts", qos: .utility)

  /// - Parameters:
  ///   - path: The folder, which is there.
  ///   - mark: A random number that all parts of the run have.
  ///   - told: Where it is told what came of a part that was written in the background; if it is
  ///     `nil`, parts are written at once.
  init(_ path: String, mark: UInt64, told: Mailbox<Input>? = nil) {
    library = CutLibrary(FolderFiles(path: path), mark: mark)
    self.told = told
  }

  var nextBase: Int { library.nextBase }

  func write(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome? {
    guard let told else { return put(archive, cut: cut, of: node) }
    queue.async { told.post(.saved(self.put(archive, cut: cut, of: node), cut: cut)) }
    return nil
  }

  private func put(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome {
    let begin = ContinuousClock.now
    return library.write(archive, cut: cut, of: node) {
      begin.duration(to: .now) / .seconds(1)
    }
  }

  func complete(cut: Int, _ entries: [CutEntry]) {
    guard told != nil else { return library.complete(cut: cut, entries) }
    queue.async { self.library.complete(cut: cut, entries) }
  }

  /// Waits for what is being written.
  func finish() { queue.sync {} }

  func read(cut: Int, of node: NodeID) throws(ArchiveError) -> ArchiveReader {
    try library.read(cut: cut, of: node)
  }

  func last(of nodes: [NodeID], remark: (String) -> Void) -> Int? {
    library.last(of: nodes, remark: remark)
  }
}

/// Folders on a disk, one a cut.
struct FolderFiles: CutFiles {
  /// The folder that they are in, which is there.
  let path: String

  private func folder(_ cut: Int) -> String {
    let digits = String(cut)
    return path + "/cut-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
  }

  func place(_ name: String, of cut: Int) -> String {
    folder(cut) + "/" + name.replacingOccurrences(of: " ", with: "-") + ".part"
  }

  var numbers: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      name.hasPrefix("cut-") ? Int(name.dropFirst("cut-".count)) : nil
    }.sorted(by: >)
  }

  func write(
    _ archive: Archive, as part: CutPart
  ) throws(ArchiveError) -> (byteCount: Int, checksum: UInt64) {
    let folder = folder(part.cut)
    do {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw CutError(folder) }
      let file = try DurableFile(place(part.node, of: part.cut))
      let written = try part.write(archive) { try file.append($0) }
      try file.commit()
      return written
    } catch {
      throw ArchiveError("\(error as? CutError ?? CutError(folder))")
    }
  }

  func read(_ name: String, of cut: Int) -> [UInt8]? {
    FileManager.default.contents(atPath: place(name, of: cut)).map { [UInt8]($0) }
  }

  func has(_ name: String, of cut: Int) -> Bool {
    FileManager.default.fileExists(atPath: place(name, of: cut))
  }

  func settle() { DurableFile.sync(folder: path) }

  func remove(_ cut: Int) { try? FileManager.default.removeItem(atPath: folder(cut)) }
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
