import Foundation
import Settings
import Testing

@testable import Experiments

/// What messages tell people to do can be done: keys, values, options and commands that they name
/// exist.
@Suite struct `What messages name` {
  /// A text in a source file.
  private struct Literal {
    let file: String
    let line: Int
    let text: String
    var place: String { "\(file):\(line): \(text)" }
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// All string literals of the sources, a line each, with `…` for what is interpolated.
  private static func literals() throws -> [Literal] {
    let mentions =
      Set(ExperimentFile.paths.compactMap { sections(of: $0).first }).map { $0 + "." } + [
        "--", "`",
      ]
    let sources = root.appendingPathComponent("Sources")
    let paths = try #require(FileManager.default.enumerator(atPath: sources.path))
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
    return try paths.flatMap { path -> [Literal] in
      let text = try String(
        contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
      var found: [Literal] = []
      var isBlock = false
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let line = line.drop { $0 == " " }
        if line.hasPrefix("//") { continue }
        let quotes = line.contains("\"\"\"") ? line.ranges(of: "\"\"\"").count : 0
        // Most lines name nothing, and to take them apart is slow.
        if quotes == 0, !isBlock, !mentions.contains(where: { line.contains($0) }) { continue }
        if isBlock || quotes > 0 {
          found.append(Literal(file: path, line: number + 1, text: String(line)))
          if quotes == 1 { isBlock.toggle() }
        } else {
          // Innermost parentheses first, so that no interpolation is left.
          var plain = String(line)
          while let inner = plain.firstMatch(of: /\\\([^()]*\)/) {
            plain.replaceSubrange(inner.range, with: "…")
          }
          while let call = plain.firstMatch(of: /\([^()]*\)/), plain.contains("\\(") {
            plain.replaceSubrange(call.range, with: "")
            if let inner = plain.firstMatch(of: /\\\([^()]*\)/) {
              plain.replaceSubrange(inner.range, with: "…")
            }
          }
          found += plain.matches(of: /"((?:[^"\\]|\\.)*)"/).map {
            Literal(file: path, line: number + 1, text: String($0.1))
          }
        }
      }
      return found
    }
  }

  private static func readMe() throws -> [Literal] {
    let text = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      Literal(file: "README.md", line: $0.offset + 1, text: String($0.element))
    }
  }

  @Test func `keys and their values`() throws {
    let known = Set(ExperimentFile.paths.compactMap { sections(of: $0).first })
    var count = 0
    for literal in try Self.literals() + Self.readMe() {
      for match in literal.text.matches(
        of: /([a-z]+)\.([a-z][a-z0-9]*(?:-[a-z]+)*)(=[a-z0-9][a-z0-9.-]*)?/)
      where known.contains(String(match.1)) {
        let path = "\(match.1).\(match.2)"
        let rest = literal.text[match.range.upperBound...]
        let before = literal.text[..<match.range.lowerBound]
        // Files, parts of longer words, keys that an interpolation completes.
        if match.2.hasPrefix("yaml") || rest.hasPrefix("_") || rest.hasPrefix("-…")
          || rest.hasPrefix("…") || rest == "-"
        {
          continue
        }
        if let last = before.last, "/.-_".contains(last) || last.isLetter { continue }
        count += 1
        let keys = ExperimentFile.keys(named: path)
        let isSection = ExperimentFile.sections.contains(path)
        #expect(!keys.isEmpty || isSection, "\(literal.place): there is no key \(path)")
        guard !keys.isEmpty, let value = match.3?.dropFirst() else { continue }
        let word = value.hasSuffix(".") ? value.dropLast() : value
        let setting = try #require(try Experiment.settings("\(path)=\(word)").first)
        let isTaken = keys.contains { key in
          var experiment = Experiment()
          return (try? key.key.read(&experiment, setting.setting)) != nil
        }
        #expect(isTaken, "\(literal.place): \(path) does not take \(word)")
      }
    }
    #expect(count > 150)
  }

  // MARK: Options

  /// What the program says of itself for tools.
  private struct Help: Decodable {
    let command: Command

    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?

      /// Its own and those of its subcommands.
      var options: Set<String> {
        let own = (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }
        return Set(own.map { "--" + $0.name }).union((subcommands ?? []).flatMap(\.options))
      }
    }

    struct Argument: Decodable {
      let names: [Name]?
    }

    struct Name: Decodable {
      let kind: String
      let name: String
    }
  }

  @Test func `options and commands`() throws {
    let dump = try Program(["--experimental-dump-help"])
    let hebb = try JSONDecoder().decode(Help.self, from: Data(dump.output.utf8)).command
    let commands = Dictionary(
      uniqueKeysWithValues: (hebb.subcommands ?? []).map { ($0.commandName, $0) })
    #expect(commands.count >= 10 && hebb.options.contains("--set"))
    let study = try #require(commands["study"]).options
    let others = ["--slow", "--python", "--fill"]
    var count = 0
    // A page's style has variables of that form, and other programs have options.
    let foreign = ["Style.swift", "Download.swift"]
    for literal in try Self.literals() + Self.readMe() {
      if foreign.contains(where: { literal.file.hasSuffix($0) }) { continue }
      // A study's files speak of its own command.
      let isStudys =
        literal.file.split(separator: "/").last.map {
          $0.hasPrefix("Study") && !$0.hasPrefix("StudyRunner")
        } ?? false
      let known = isStudys ? study : hebb.options.union(others)
      for match in literal.text.matches(of: /(?:^|[ "`(])(--[a-z]+(?:-[a-z]+)*)/) {
        count += 1
        let isKnown = known.contains(String(match.1))
        #expect(isKnown, "\(literal.place): there is no option \(match.1)")
      }
      for match in literal.text.matches(of: /`(?:\.\/scripts\/)?hebb ([a-z]+)/) {
        count += 1
        let isKnown = commands[String(match.1)] != nil
        #expect(isKnown, "\(literal.place): there is no command \(match.1)")
      }
    }
    #expect(count > 50)
  }
}
