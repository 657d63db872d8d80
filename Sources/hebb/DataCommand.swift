import ArgumentParser
import Experiments
import Foundation
import Reports
import Streams

/// Data sets on disk.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, check and fetch data sets.",
    subcommands: [List.self, Check.self, Fetch.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the embedded data set and those in a folder.")

    @Option(help: "Folder of data sets.") var data: String?

    func run() throws {
      var lines = ["glyphs  embedded, 28×28, 10 classes"]
      let folder = data ?? ProcessInfo.processInfo.environment["HEBB_DATA"]
      for entry in folder.map({ DataDirectory($0).list() }) ?? [] {
        let state =
          entry.missing.isEmpty
          ? Figures.bytes(entry.byteCount) : "missing \(entry.missing.joined(separator: ", "))"
        lines.append("\(entry.name)  \(entry.path)  \(state)")
      }
      try Screen.put(lines.map { $0 + "\n" }.joined())
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read a data set of IDX files and say what is in it.")

    @Argument(help: "The data set's folder.") var folder: String

    func run() throws {
      let name = URL(fileURLWithPath: folder).lastPathComponent
      let data = try DataDirectory(folder).load(name)
      var text =
        "\(name): \(data.train.count) training and \(data.test.count) test images of "
        + "\(data.train.height)×\(data.train.width), \(data.classCount) classes\n"
      for (part, images) in [("training", data.train), ("test", data.test)] {
        var counts = [Int](repeating: 0, count: data.classCount)
        for label in images.labels { counts[Int(label)] += 1 }
        text += "\(part) images by class: \(counts.map(String.init).joined(separator: " "))\n"
      }
      try Screen.put(text)
    }
  }

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Download a data set, check its SHA-256, and put it into a folder.")

    @Argument(help: "mnist") var name: String
    @Option(help: "Folder of data sets to put it into.") var data = "data"
    @Option(help: "Address to fetch from instead of the public mirrors.") var from: String?

    func validate() throws {
      guard name == "mnist" else {
        throw ValidationError("only mnist can be fetched; other data sets are read from --data")
      }
    }

    func run() throws {
      let screen = Screen(isQuiet: false)
      try MNISTFetch(folder: data + "/mnist", mirrors: from.map { [$0] }).run { file, done, total in
        screen.draw("\r\(file): \(Figures.bytes(done)) of \(Figures.bytes(total))\u{1B}[K")
      }
      screen.draw("\n")
      screen.write("mnist is complete in \(data)/mnist\n")
    }
  }
}
