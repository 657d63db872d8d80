import Foundation
import Testing

extension Processes {
  @Suite(.serialized) struct `A system with few open files` {
    private func run(_ limit: String, of command: String) throws -> Program {
      let scratch = Scratch()
      let options = quick.map { "'\($0)'" }.joined(separator: " ")
      return try Program(
        shell:
          "ulimit \(limit); hebb \(command) --quiet --output '\(scratch.file("out"))' \(options)")
    }

    @Test func `is asked for as many as there may be`() throws {
      // The limit in force can be raised, up to another one.
      let program = try run("-S -n 80", of: "run --workers 2 --servers 1")
      #expect(program.status == 0, "\(program.errors)")
    }

    @Test func `says how many a cluster needs`() throws {
      let program = try run("-n 100", of: "run --workers 2 --servers 1")
      #expect(program.status == 10)
      #expect(
        program.errors
          == "hebb: a cluster of 3 nodes needs 256 open files at once, and this system allows 100; "
          + "raise the limit (ulimit -n 256)\n")
    }

    @Test func `is told by any command`() throws {
      let program = try run("-n 25", of: "simulate")
      #expect(program.status == 10)
      #expect(program.errors.hasPrefix("hebb: this program needs 64 open files at once"))
    }
  }
}
