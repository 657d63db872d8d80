import Foundation
import Reports
import Testing

extension Processes {
  @Suite(.serialized) struct `A cluster with keys` {
    private let settings =
      quick + ["--set", "method.name=none", "--workers", "1", "--servers", "1"]

    private func mode(_ path: String) throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return try #require(attributes[.posixPermissions] as? Int)
    }

    private func keys(_ scratch: Scratch, _ name: String, _ more: [String] = []) throws -> String {
      let run = try Program(
        ["keygen", scratch.file(name), "--workers", "1", "--servers", "1"] + more)
      #expect(run.status == 0, "\(run.errors)")
      return scratch.file(name)
    }

    @Test func `gets them as files that nobody else can read, and once`() throws {
      let scratch = Scratch()
      let folder = try keys(scratch, "keys", ["--workers", "2"])
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(
        files == [
          "coordinator.secret", "public.keys", "server-0.secret", "worker-0.secret",
          "worker-1.secret",
        ])
      #expect(try mode(folder) == 0o700)
      func contents() throws -> [String] {
        try files.map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }
      }
      let before = try contents()
      for file in files { #expect(try mode(folder + "/" + file) == 0o600) }
      #expect(Set(before).count == 5 && before[1].split(separator: "\n").count == 4)
      let again = try Program(["keygen", folder])
      #expect(again.status == 7 && again.errors.contains("public.keys is there already"))
      #expect(try contents() == before)
      // Whatever is missing among them: none is written beside those of others.
      try FileManager.default.removeItem(atPath: folder + "/public.keys")
      #expect(try Program(["keygen", folder]).status == 7)
      #expect(!FileManager.default.fileExists(atPath: folder + "/public.keys"))
    }

    @Test func `says what is wrong with them`() throws {
      let scratch = Scratch()
      let (folder, other) = (try keys(scratch, "keys"), try keys(scratch, "other"))
      let secret = folder + "/worker-0.secret"
      let work = ["work", "--coordinator", "tcp://127.0.0.1:1", "--rank"]
      func refuses(_ arguments: [String], _ words: String, _ status: Int32 = 7) throws {
        let run = try Program(arguments)
        #expect(run.status == status && run.errors.contains(words), "\(run.status) \(run.errors)")
        if status == 7 { #expect(run.errors.split(separator: "\n").count == 1) }
      }
      try refuses(work + ["1", "--keys", folder], "worker-1.secret (No such file")
      try refuses(work + ["0", "--keys", scratch.file("none")], "none/public.keys (No such file")
      try refuses(work + ["0", "--keys", folder, "--insecure"], "--insecure is for nodes", 64)
      chmod(secret, 0o640)
      try refuses(
        work + ["0", "--keys", folder], "can be read by others; say `chmod 600 \(secret)`")
      chmod(secret, 0o600)
      let stranger = try String(contentsOfFile: other + "/worker-0.secret", encoding: .utf8)
      try stranger.write(toFile: secret, atomically: false, encoding: .utf8)
      try refuses(work + ["0", "--keys", folder], "does not belong to its public key")
      try "".write(toFile: secret, atomically: false, encoding: .utf8)
      try refuses(work + ["0", "--keys", folder], "worker-0.secret is no secret key")
      let coordinate = ["coordinate", "--quiet", "--output", scratch.file("out")]
      try refuses(
        coordinate + ["--bind", "tcp://0.0.0.0:0"], "is open to other machines, and without keys")
      try refuses(
        coordinate + ["--keys", folder, "--workers", "3", "--servers", "1"],
        "there is no public key of worker 1")
      #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
    }

    @Test(arguments: [false, true])
    func `says nothing that others could read`(isEncrypted: Bool) throws {
      let scratch = Scratch()
      let protection = isEncrypted ? ["--keys", try keys(scratch, "keys")] : []
      let forwarder = try Forwarder(keeps: true)
      let (coordinator, server) = (try Listener().port, try Listener().port)
      forwarder.forward(to: server)
      let common = ["--coordinator", "tcp://127.0.0.1:\(coordinator)", "--rank", "0"] + protection
      let nodes = [
        Program.make(
          ["serve", "--bind", "tcp://127.0.0.1:\(server)", "--advertise"]
            + ["tcp://127.0.0.1:\(forwarder.port)"] + common), Program.make(["work"] + common),
      ]
      for node in nodes { try node.0.run() }
      let run = try Program(
        ["coordinate", "--bind", "tcp://127.0.0.1:\(coordinator)", "--quiet", "--output"]
          + [scratch.file("out")] + protection + settings)
      #expect(run.status == 0, "\(run.errors)")
      for node in nodes { node.0.waitUntilExit() }
      #expect(nodes.allSatisfy { $0.0.terminationStatus == 0 })
      let result = try ResultFolder(scratch.file("out")).read()[0]
      #expect(result.provenance?.isEncrypted == isEncrypted)
      #expect(result.diagnostics.refusedMessages == 0)
      // The last weights, which the worker was sent to measure them.
      let weights = try Data(
        contentsOf: URL(fileURLWithPath: scratch.file("out/weights.safetensors")))
      #expect(forwarder.carriedCount > 10 * weights.count)
      #expect(forwarder.hasCarried(weights.suffix(200)) == !isEncrypted)
      let simulated = try Program(
        ["simulate", "--output", scratch.file("here"), "--quiet"] + settings)
      #expect(simulated.status == 0)
      let reference = try ResultFolder(scratch.file("here")).read()[0]
      #expect(result.weightsSha256?.count == 64 && result.weightsSha256 == reference.weightsSha256)
    }

    @Test func `is found by no node with other keys, or none`() throws {
      let scratch = Scratch()
      let (folder, other) = (try keys(scratch, "keys"), try keys(scratch, "other"))
      let endpoint = "tcp://127.0.0.1:\(try Listener().port)"
      let (coordinator, output, _) = Program.make(
        ["coordinate", "--bind", endpoint, "--keys", folder, "--output", scratch.file("out")]
          + settings)
      try coordinator.run()
      for protection in [["--keys", other], []] {
        let worker = try Program(
          ["work", "--coordinator", endpoint, "--rank", "0", "--wait", "2"] + protection)
        #expect(worker.status == 5)
        #expect(worker.errors.contains("worker 0 found no coordinator at \(endpoint) within 2 s"))
        #expect(worker.errors.contains("--keys"))
      }
      // Every five seconds it says for whom it waits.
      var said = ""
      while !said.contains("gives up in") {
        let more = output.fileHandleForReading.availableData
        if more.isEmpty { break }
        said += String(decoding: more, as: UTF8.self)
      }
      coordinator.terminate()
      coordinator.waitUntilExit()
      #expect(coordinator.terminationStatus == 130)
      #expect(said.contains("0 of 2 nodes are here; waiting for server 0, worker 0"), "\(said)")
      #expect(said.contains("over tcp only nodes come in that have keys of \(folder)"), "\(said)")
      #expect(said.contains("; a node without a key that is known here is not heard"), "\(said)")
    }
  }
}
