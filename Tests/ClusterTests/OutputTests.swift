import Foundation
import Reports
import Testing

/// What becomes of a command whose standard output nobody reads, or that has no room.
extension Processes {
  @Suite(.serialized) struct `Standard output` {
    private let small =
      (quick + ["--set", "method.name=none"]).map { "'\($0)'" }.joined(separator: " ")

    /// Everything that a run leaves.
    private func expectResults(in folder: String) throws {
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
      #expect(
        names == [
          "experiment.yaml", "result.json", "matrix.csv", "events.jsonl", "weights.safetensors",
          "report.html",
        ])
      let events = try String(contentsOfFile: folder + "/events.jsonl", encoding: .utf8)
      #expect(events.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    }

    @Test(arguments: ["keys", "data list", "--help", "--version", "keys --help"])
    func `that a reader leaves is a quiet end of what only writes`(command: String) throws {
      let run = try Program(shell: "{ hebb \(command); echo $? >&2; } | true")
      #expect(run.errors == "0\n")
    }

    @Test(arguments: ["simulate", "simulate --json", "run --workers 2"])
    func `that a reader leaves is no end of what leaves results`(command: String) throws {
      let scratch = Scratch()
      let run = try Program(
        shell: "{ hebb \(command) \(small) --output '\(scratch.file("out"))'; echo $? >&2; } | true"
      )
      #expect(run.errors == "0\n")
      try expectResults(in: scratch.file("out"))
    }

    #if os(Linux)
      @Test(arguments: ["keys", "data list", "--help", "--version"])
      func `without room is an error of what only writes`(command: String) throws {
        let run = try Program(shell: "hebb \(command) > /dev/full")
        #expect(run.status == 12)
        #expect(
          run.errors == "hebb: cannot write to standard output (No space left on device); send it "
            + "somewhere else\n")
      }

      @Test func `without room keeps the results and tells of JSON that is lost`() throws {
        let scratch = Scratch()
        let command = "hebb simulate \(small) --output '\(scratch.file("out"))' --force"
        let told = try Program(shell: command + " > /dev/full")
        #expect(told.status == 0 && told.errors.isEmpty, "\(told.errors)")
        try expectResults(in: scratch.file("out"))
        let json = try Program(shell: command + " --json > /dev/full")
        #expect(json.status == 12 && json.errors.contains("No space left on device"))
        try expectResults(in: scratch.file("out"))
      }
    #endif

    @Test func `that is closed gets nothing, nor does a file in its place`() throws {
      let scratch = Scratch()
      let keys = try Program(shell: "hebb keys >&-")
      #expect(keys.status == 12 && keys.errors.contains("(it is closed)"))
      let run = try Program(
        shell: "hebb simulate \(small) --output '\(scratch.file("out"))' <&- >&- 2>&-")
      #expect(run.status == 0)
      try expectResults(in: scratch.file("out"))
    }

    @Test func `gets what was found and no progress`() throws {
      let scratch = Scratch()
      let run = try Program(
        shell: "hebb simulate \(small) --output '\(scratch.file("out"))'")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.hasPrefix("\nnone: accuracy in %") && !run.output.contains("task 1/5"))
      #expect(run.output.hasSuffix("report: \(scratch.file("out"))/report.html\n"))
    }
  }
}
