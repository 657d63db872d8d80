import Foundation
import Synchronization
import Testing

@testable import Launch

@Suite struct `Child processes` {
  /// Children of `/bin/sh` in a run folder of their own, and what was heard of their ends.
  private final class Nursery: Sendable {
    let folder: RunFolder
    let children: ChildProcesses
    private let ends: Mailbox<ChildProcesses.End>

    init(logByteCountMaximum: Int = 1 << 20) throws {
      let ends = Mailbox<ChildProcesses.End>()
      folder = try RunFolder()
      children = ChildProcesses(in: folder, logByteCountMaximum: logByteCountMaximum) {
        ends.post($0)
      }
      self.ends = ends
    }

    deinit {
      children.stop(graceMilliseconds: 0)
      folder.remove()
    }

    func start(_ script: String, label: String = "worker 0") throws {
      try children.start("/bin/sh", ["-c", script], label: label)
    }

    /// The next end, which must come within ten seconds.
    func end() throws -> ChildProcesses.End {
      var end: ChildProcesses.End?
      try `Child processes`.waitUntil("a child has ended") {
        end = ends.next()
        return end != nil
      }
      return try #require(end)
    }

    /// The number that a child wrote to this file of the run folder.
    func number(in name: String) throws -> Int32 {
      var number: Int32?
      try `Child processes`.waitUntil("\(name) is written") {
        let text = try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        if let text, text.hasSuffix("\n") { number = Int32(text.dropLast()) }
        return number != nil
      }
      return try #require(number)
    }
  }

  private static func waitUntil(_ what: String, _ holds: () throws -> Bool) throws {
    let limit = ContinuousClock.now + .seconds(10)
    while try !holds() {
      try #require(ContinuousClock.now < limit, "waited in vain until \(what)")
      usleep(2_000)
    }
  }

  private static func isAlive(group: Int32) -> Bool { kill(-group, 0) == 0 }

  @Test(arguments: [
    ("exit 0", "exit code 0", true), ("exit 3", "exit code 3", false),
    ("kill -9 $$", "signal 9", false),
    ("echo a warning >&2; kill -9 $$", "signal 9", false),
    ("echo a warning >&2; kill -ILL $$", "signal 4 (illegal instruction)", false),
    (
      "echo '*** Program crashed: Bad pointer dereference at 0x01 ***' >&2; kill -SEGV $$",
      "signal 11 (Bad pointer dereference)", false
    ),
    ("echo one >&2; echo two >&2; exit 1", "exit code 1 (two)", false),
    (
      "echo 'a.swift:1: Fatal error: no' >&2; echo '0 main' >&2; exit 1",
      "exit code 1 (a.swift:1: Fatal error: no)", false
    ),
  ])
  func `are reported with how they ended and what they said last`(
    script: String, reason: String, isSuccess: Bool
  ) throws {
    let nursery = try Nursery()
    try nursery.start(script, label: "server 1")
    let end = try nursery.end()
    #expect(end.label == "server 1" && end.reason == reason && end.isSuccess == isSuccess)
  }

  @Test func `each get an end of their own`() throws {
    let nursery = try Nursery()
    for rank in 0..<4 { try nursery.start("exit \(rank)", label: "worker \(rank)") }
    let reasons = try (0..<4).map { _ in try nursery.end() }
      .sorted { $0.label < $1.label }.map { "\($0.label): \($0.reason)" }
    #expect(reasons == (0..<4).map { "worker \($0): exit code \($0)" })
  }

  @Test func `may end by themselves before they are asked`() throws {
    let nursery = try Nursery()
    try nursery.start("sleep 0.2")
    nursery.children.stop(graceMilliseconds: 5_000)
    #expect(try nursery.end().isSuccess)
  }

  @Test func `are asked first`() throws {
    let nursery = try Nursery()
    try nursery.start(
      "trap 'exit 7' TERM; echo $$ > '\(nursery.folder.path)/pid'; while :; do sleep 0.01; done")
    _ = try nursery.number(in: "pid")
    let begin = ContinuousClock.now
    nursery.children.stop(graceMilliseconds: 1_000)
    #expect(begin.duration(to: .now) < .seconds(5))
    #expect(try nursery.end().reason == "exit code 7")
  }

  @Test func `are killed with their own children when they do not listen`() throws {
    let nursery = try Nursery()
    try nursery.start(
      """
      trap '' TERM; sleep 60 & echo $! > '\(nursery.folder.path)/grandchild'
      echo $$ > '\(nursery.folder.path)/pid'; while :; do sleep 1; done
      """)
    let pid = try nursery.number(in: "pid")
    let grandchild = try nursery.number(in: "grandchild")
    #expect(Self.isAlive(group: pid) && kill(grandchild, 0) == 0)
    let begin = ContinuousClock.now
    nursery.children.stop(graceMilliseconds: 100)
    #expect(begin.duration(to: .now) < .seconds(3))
    #expect(try nursery.end().reason == "signal 9")
    // The orphan is reaped by the system, a moment later.
    try Self.waitUntil("the group is gone") { !Self.isAlive(group: pid) }
  }

  @Test func `can be stopped twice, and when there are none`() throws {
    let nursery = try Nursery()
    nursery.children.stop(graceMilliseconds: 10_000)
    try nursery.start("sleep 60")
    nursery.children.stop(graceMilliseconds: 0)
    let begin = ContinuousClock.now
    nursery.children.stop(graceMilliseconds: 10_000)
    #expect(begin.duration(to: .now) < .seconds(1))
    #expect(try !nursery.end().isSuccess)
  }

  @Test func `that cannot start are named in one sentence`() throws {
    let nursery = try Nursery()
    let error = #expect(throws: LaunchError.self) {
      try nursery.children.start("/nowhere/hebb", [], label: "worker 5")
    }
    let words = try #require(error).description
    #expect(words.hasPrefix("cannot start worker 5 from /nowhere/hebb: "))
  }

  @Test func `read nothing and write to their log alone`() throws {
    let nursery = try Nursery()
    try nursery.start("cat; echo hidden; echo shown >&2")
    #expect(try nursery.end().reason == "exit code 0 (shown)")
  }

  @Test func `inherit no descriptor, and leave none here`() throws {
    let nursery = try Nursery()
    let foreign = fcntl(STDERR_FILENO, F_DUPFD, 300)
    defer { close(foreign) }
    try nursery.start("if [ -e /dev/fd/\(foreign) ]; then exit 1; fi")
    #expect(try nursery.end().isSuccess)
    #if os(Linux)
      let descriptors = "/proc/self/fd"
      let open = try FileManager.default.contentsOfDirectory(atPath: descriptors).compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
      }
      #expect(!open.contains { $0.hasPrefix(nursery.folder.path + "/") })
    #endif
  }

  #if os(Linux)
    @Test func `hear every signal, whatever this thread blocks`() throws {
      let nursery = try Nursery()
      var terminate = sigset_t()
      var before = sigset_t()
      sigemptyset(&terminate)
      sigaddset(&terminate, SIGTERM)
      pthread_sigmask(SIG_BLOCK, &terminate, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      try nursery.start("grep SigBlk /proc/$$/status | tr -d '[:space:]' >&2")
      #expect(try nursery.end().reason == "exit code 0 (SigBlk:0000000000000000)")
      var after = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &after)
      #expect(sigismember(&after, SIGTERM) == 1)
    }
  #endif

  @Test func `cannot fill the disk with complaints`() throws {
    let nursery = try Nursery(logByteCountMaximum: 1_000)
    try nursery.start(
      """
      head -c 100000 /dev/zero >&2; echo x > '\(nursery.folder.path)/full'
      until [ -e '\(nursery.folder.path)/cut' ]; do sleep 0.01; done; echo later >&2
      """)
    let log = nursery.folder.path + "/worker-0.log"
    try Self.waitUntil("the log is full") {
      FileManager.default.fileExists(atPath: nursery.folder.path + "/full")
    }
    try Self.waitUntil("the log is cut") {
      try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int == 0
    }
    #expect(FileManager.default.createFile(atPath: nursery.folder.path + "/cut", contents: nil))
    #expect(try nursery.end().reason == "exit code 0 (later)")
  }
}
