import Foundation
import Reports
import Testing

/// `hebb study`, through the real executable.
extension Processes {
  @Suite(.serialized) struct `A study` {
    /// Numbers for what would be looked up.
    private let costs = """
        simulation: {
          step-milliseconds: 1, slice-milliseconds: 5, importance-milliseconds: 5,
          latency-minimum-milliseconds: 0.1, latency-maximum-milliseconds: 0.5,
          megabytes-per-second: 1000, message-microseconds: 0, server-nanoseconds-per-byte: 0,
          cores: none}
      """

    private func file(_ scratch: Scratch, more: String = "") throws -> String {
      try scratch.write(
        """
        name: tiny
        experiment:
          stream: {tasks: 5}
          model: {hidden: [20]}
          method: {examples: 100}
        set:
          stream: {iterations: 20, test-examples-per-task: 50}
        \(costs)
        grid: {method.name: [none, ewc]}
        seeds: [1, 2]
        plots: [{x: method.name, y: accuracy}]
        \(more)
        """, to: "s.yaml")
    }

    private func cells(_ output: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: output + "/cells").sorted()
    }

    /// When each cell's result was written.
    private func times(_ output: String) throws -> [String: Date] {
      var times: [String: Date] = [:]
      for cell in try cells(output) {
        let file = "\(output)/cells/\(cell)/result.json"
        times[cell] =
          try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
      }
      return times
    }

    private func text(_ path: String) throws -> String {
      try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func `runs every cell once, and again only those that are missing`() throws {
      let scratch = Scratch()
      let (study, out) = (try file(scratch), scratch.file("out"))
      let first = try Program(["study", study, "--output", out, "--jobs", "2"])
      #expect(first.status == 0, "\(first.errors)")
      // Progress is for a terminal; here only what was found is told.
      #expect(first.output.hasPrefix("tiny: 4 cells, 0 done\n") && first.output.contains("ewc "))
      #expect(!first.output.contains("cell 4/4 ") && first.errors.isEmpty)
      let before = try times(out)
      #expect(before.count == 4)
      #expect(
        before.keys.sorted().map { $0.split(separator: "-").dropLast().joined(separator: "-") } == [
          "ewc-seed1", "ewc-seed2", "none-seed1", "none-seed2",
        ])
      let page = try text(out + "/study.html")
      let database = FileManager.default.contents(atPath: out + "/study.sqlite")
      let table = try text(out + "/results.csv")
      #expect(table.split(separator: "\n").count == 5 && database != nil)

      let second = try Program(["study", study, "--output", out])
      #expect(second.status == 0 && second.output.contains("4 cells, 4 done"))
      #expect(try times(out) == before)
      #expect(try text(out + "/study.html") == page && text(out + "/results.csv") == table)
      #expect(FileManager.default.contents(atPath: out + "/study.sqlite") == database)

      // One is gone and one is half: both are run anew and find the same.
      let names = before.keys.sorted()
      try FileManager.default.removeItem(atPath: "\(out)/cells/\(names[0])")
      try FileManager.default.removeItem(atPath: "\(out)/cells/\(names[2])/result.json")
      let third = try Program(["study", study, "--output", out])
      #expect(third.status == 0 && third.output.contains("4 cells, 2 done"))
      #expect(try cells(out) == names)
      let after = try times(out)
      #expect(after[names[1]] == before[names[1]] && after[names[0]] != before[names[0]])
      #expect(try withoutClock(text(out + "/results.csv")) == withoutClock(table))
    }

    /// The table without the wall time, which alone is never the same.
    private func withoutClock(_ table: String) throws -> [[String]] {
      let rows = table.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let column = try #require(rows[0].firstIndex(of: "wall_seconds"))
      return rows.map { $0.enumerated().filter { $0.offset != column }.map(\.element) }
    }

    @Test func `finds in a cell what simulate finds, by the command it gives`() throws {
      let scratch = Scratch()
      let (study, out) = (try file(scratch), scratch.file("out"))
      #expect(try Program(["study", study, "--output", out, "--quiet"]).status == 0)
      let name = try #require(try cells(out).first { $0.hasPrefix("ewc-seed2") })
      let run = try ResultFolder("\(out)/cells/\(name)").read()[0]
      #expect(run.seed == 2 && run.method == "ewc" && run.mode == "simulation")
      let words = run.command.split(separator: " ").map(String.init)
      #expect(words.prefix(2) == ["./scripts/hebb", "simulate"])
      let again = try Program(
        words.dropFirst() + ["--output", scratch.file("again"), "--quiet"])
      #expect(again.status == 0, "\(again.errors)")
      let repeated = try ResultFolder(scratch.file("again")).read()[0]
      #expect(repeated.weightsSha256 == run.weightsSha256 && repeated.matrix == run.matrix)
    }

    /// A data set of four classes, in a folder of its own.
    private func makeData(_ scratch: Scratch, _ folder: String, brightness: UInt8) throws -> String
    {
      let place = scratch.file(folder) + "/blobs"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for (part, count) in [("train", UInt8(32)), ("t10k", UInt8(16))] {
        let labels: [UInt8] = (0..<count).map { $0 % 4 }
        let pixels: [UInt8] = labels.enumerated().flatMap { image in
          (0..<4).map { place -> UInt8 in
            place == Int(image.element) ? brightness : UInt8(image.offset)
          }
        }
        try Data([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 2] + pixels)
          .write(to: URL(fileURLWithPath: place + "/\(part)-images-idx3-ubyte"))
        try Data([0, 0, 8, 1, 0, 0, 0, count] + labels)
          .write(to: URL(fileURLWithPath: place + "/\(part)-labels-idx1-ubyte"))
      }
      return scratch.file(folder)
    }

    @Test func `runs anew what other data or another program has found, and says so`() throws {
      let scratch = Scratch()
      let folders = [
        "A": try makeData(scratch, "A", brightness: 250),
        "B": try makeData(scratch, "B", brightness: 90),
      ]
      let study = try scratch.write(
        """
        experiment:
          {data: {set: blobs}, stream: {tasks: 2, iterations: 5}, model: {hidden: [4]}, batch: 8,
           method: {name: none}, cluster: {workers: 2, servers: 1}}
        set:
        \(costs)
        grid: {optimizer.rate: [0.01, 0.02]}
        """, to: "s.yaml")
      func run(_ data: String, _ out: String) throws -> String {
        let run = try Program([
          "study", study, "--output", scratch.file(out), "--data", try #require(folders[data]),
        ])
        #expect(run.status == 0, "\(run.errors)")
        return run.output
      }
      #expect(try run("A", "o").hasPrefix("s: 2 cells, 0 done\n\n"))
      #expect(try run("A", "o").hasPrefix("s: 2 cells, 2 done\n\n"))
      let words = "2 cells were made with other data, to be run again\n\n"
      #expect(try run("B", "o").hasPrefix("s: 2 cells, 0 done\n" + words))
      #expect(try run("B", "fresh").hasPrefix("s: 2 cells, 0 done\n\n"))
      #expect(
        try withoutClock(text(scratch.file("o/results.csv")))
          == withoutClock(text(scratch.file("fresh/results.csv"))))

      let name = try #require(try cells(scratch.file("o")).first)
      let file = "o/cells/\(name)/result.json"
      let result = try text(scratch.file(file))
      let version = "\"figures_version\" : \(Provenance.currentFigures)"
      #expect(result.contains(version))
      let other = result.replacing(version, with: "\"figures_version\" : 0")
      _ = try scratch.write(other, to: file)
      #expect(
        try run("B", "o").hasPrefix(
          "s: 2 cells, 1 done\n1 cell was made by a version of hebb that finds other figures, to be "
            + "run again\n\n"))
      #expect(try run("B", "o").hasPrefix("s: 2 cells, 2 done\n\n"))
    }

    @Test func `stops at Ctrl-C with what is done, and goes on`() throws {
      let scratch = Scratch()
      let study = try scratch.write(
        """
        experiment: {stream: {tasks: 5}, model: {hidden: [20]}, method: {name: none}}
        set:
        \(costs)
        grid: {stream.iterations: [5, 100_000]}
        """, to: "s.yaml")
      let out = scratch.file("out")
      let (process, output, errors) = Program.make(["study", study, "--output", out, "--jobs", "2"])
      output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
      try process.run()
      for _ in 0..<600 {
        let found = (try? cells(out)) ?? []
        let isDone = found.contains {
          $0.hasPrefix("iterations5-") && !$0.hasSuffix(".partial")
            && FileManager.default.fileExists(atPath: "\(out)/cells/\($0)/result.json")
        }
        let isTraining = found.contains {
          $0.hasPrefix("iterations100000-") && $0.hasSuffix(".partial")
            && (try? text("\(out)/cells/\($0)/events.jsonl"))?.contains("\"opened\"") == true
        }
        if isDone, isTraining { break }
        usleep(50_000)
      }
      #expect(nodes().count >= 1)
      kill(process.processIdentifier, SIGINT)
      let complained = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(complained.contains("stopped by Ctrl-C with 1 of 2 cells done"), "\(complained)")
      #expect(nodes().isEmpty)
      // What the long one has measured is kept, as something that stopped early.
      let parts = try cells(out).filter { $0.hasSuffix(".partial") }
      #expect(parts.count == 1 && parts[0].hasPrefix("iterations100000-"))
      let part = try ResultFolder("\(out)/cells/\(try #require(parts.first))").read()[0]
      #expect(part.status == "stopped" && part.matrix[0].allSatisfy { $0 != nil })
      #expect(part.faults == ["stopped by a request to terminate (SIGTERM)"])
      #expect(try text(out + "/results.csv").contains(",missing,"))

      let short = try text(study).replacingOccurrences(of: "100_000", with: "6")
      _ = try scratch.write(short, to: "s.yaml")
      let rest = try Program(["study", study, "--output", out])
      #expect(rest.status == 0 && rest.output.contains("2 cells, 1 done"), "\(rest.errors)")
    }

    /// Cells at work.
    private func nodes() -> [String] {
      let ps = Process()
      ps.executableURL = URL(fileURLWithPath: "/bin/ps")
      ps.arguments = ["-eo", "args"]
      let pipe = Pipe()
      ps.standardOutput = pipe
      guard (try? ps.run()) != nil else { return [] }
      let said = pipe.fileHandleForReading.readDataToEndOfFile()
      ps.waitUntilExit()
      return String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
        .filter { $0.contains(Program.url.path + " study-node ") }
    }

    @Test func `goes on past a cell that fails, and ends with its code`() throws {
      let scratch = Scratch()
      let out = scratch.file("out")
      let study = try scratch.write(
        """
        experiment:
          model: {hidden: [20]}
          method: {name: none}
          optimizer: {kind: sgd}
          stream: {iterations: 20, test-examples-per-task: 50}
        set:
        \(costs)
        grid: {optimizer.rate: [1e30, 0.01]}
        """, to: "s.yaml")
      let run = try Program(["study", study, "--output", out, "--jobs", "1"])
      #expect(run.status == 6, "\(run.errors)")
      #expect(run.errors.contains("a cell failed, first rate"))
      #expect(
        run.errors.hasPrefix("cell rate1e_30-") && run.errors.split(separator: "\n").count == 2)
      #expect(run.output.contains("note: 1 of 2 cells are missing"))
      let table = try text(out + "/results.csv")
      #expect(table.contains(",missing,") && table.contains(",complete,"))
    }

    @Test func `refuses what is wrong before anything runs`() throws {
      let scratch = Scratch()
      let out = scratch.file("out")
      func refused(_ arguments: [String], _ status: Int32, _ sentence: String) throws {
        let run = try Program(["study"] + arguments + ["--output", out])
        #expect(run.status == status && run.errors.contains(sentence), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        let made = FileManager.default.fileExists(atPath: out + "/cells")
        #expect(try !made || cells(out).isEmpty)
      }
      try refused([scratch.file("no.yaml")], 2, "there is no such study file")
      let study = try file(scratch)
      try refused([study, "--set", "method.name=mas"], 2, "the study varies method.name")
      try refused([study, "--set", "stream.tasks=3"], 3, "10 classes cannot be split into 3")
      try refused([study, "--set", "data.set=mnist", "--data", "/nowhere"], 3, "/nowhere")
      let wrong = try file(scratch, more: "with: [{when: {method.name: mas}, set: {batch: 9}}]")
      try refused([wrong], 2, "s.yaml:16: no cell has method.name mas")

      let kept = try scratch.write("precious", to: "keep.txt")
      let run = try Program(["study", try file(scratch), "--output", scratch.path])
      #expect(run.status == 4 && run.errors.contains("is not empty"), "\(run.errors)")
      #expect(try text(kept) == "precious")
    }
  }
}
