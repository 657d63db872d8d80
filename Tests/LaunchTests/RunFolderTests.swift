import Foundation
import Testing

@testable import Launch

@Suite struct `Run folder` {
  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private func makeSocket(_ path: String) {
    let descriptor = socket(AF_UNIX, Int32(1), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let byteCount = socklen_t(MemoryLayout<sockaddr_un>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, byteCount) }
    }
    #expect(status == 0)
  }

  @Test func `is private, fresh and gone after its removal`() throws {
    let folder = try RunFolder()
    let other = try RunFolder()
    defer { other.remove() }
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions]
    #expect(mode as? Int == 0o700)
    #expect(folder.path != other.path)
    #expect(FileManager.default.createFile(atPath: folder.path + "/anything", contents: Data([1])))
    folder.remove()
    #expect(!exists(folder.path))
    folder.remove()
  }

  @Test(arguments: [20, 60, 61, 200])
  func `has room for the path of a socket however deep the temporary folder lies`(
    byteCount: Int
  ) throws {
    let base = try RunFolder()
    defer { base.remove() }
    let deep =
      base.path + "/" + String(repeating: "d", count: max(1, byteCount - base.path.utf8.count - 1))
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    let folder = try RunFolder(under: deep + "/")
    defer { folder.remove() }
    #expect(exists(folder.path) && !folder.path.contains("//"))
    #expect((folder.path + "/coordinator-of-the-cluster").utf8.count <= 103)
    #expect(folder.endpoint("server-0") == "ipc://" + folder.path + "/server-0")
  }

  @Test func `that cannot be made is explained in one sentence`() throws {
    let error = #expect(throws: LaunchError.self) { try RunFolder(under: "/nowhere") }
    let words = try #require(error).description
    #expect(words.hasPrefix("cannot make a folder in /nowhere (No such file"))
  }

  @Test func `is removed by a child with its sockets, logs and keys`() throws {
    let folder = try RunFolder()
    makeSocket(folder.path + "/server-0")
    for name in ["worker-0.log", "worker-0.secret", "public.keys"] {
      #expect(
        FileManager.default.createFile(atPath: folder.path + "/" + name, contents: Data([1])))
    }
    RunFolder.remove(folder.path)
    #expect(!exists(folder.path))
  }

  @Test func `is swept away by the next one when its owner is dead, and by none before`() throws {
    let base = try RunFolder()
    defer { base.remove() }
    let manager = FileManager.default
    // Nobody holds it, as after the death of a launcher.
    let dead = base.path + "/hebb-abc123"
    try manager.createDirectory(atPath: dead, withIntermediateDirectories: false)
    makeSocket(dead + "/coordinator")
    #expect(manager.createFile(atPath: dead + "/worker-0.log", contents: Data([1])))
    let other = base.path + "/hebb-results"
    try manager.createDirectory(atPath: other, withIntermediateDirectories: false)

    let first = try RunFolder(under: base.path)
    #expect(!exists(dead) && exists(other))
    let second = try RunFolder(under: base.path)
    #expect(exists(first.path) && exists(second.path))
    first.remove()
    second.remove()
    #expect(!exists(first.path) && !exists(second.path))
  }

  @Test func `keeps what a child has no business to remove`() throws {
    let folder = try RunFolder()
    defer { folder.remove() }
    let results = folder.path + "/result.json"
    #expect(FileManager.default.createFile(atPath: results, contents: Data([1])))
    RunFolder.remove(folder.path)
    #expect(exists(results))

    let named = folder.path + "/results"
    try FileManager.default.createDirectory(atPath: named, withIntermediateDirectories: false)
    RunFolder.remove(named)
    #expect(exists(named))

    let link = folder.path + "/hebb-linked"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: named)
    #expect(FileManager.default.createFile(atPath: named + "/a.log", contents: Data([1])))
    RunFolder.remove(link)
    #expect(exists(named + "/a.log"))
  }
}
