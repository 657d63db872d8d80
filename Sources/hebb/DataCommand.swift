import ArgumentParser
import Experiments
import Foundation
import Reports
import Streams
import Running

/// Data sets on disk.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, check and fetch data sets.",
    subcommands: [List.self, Check.self, Fetch.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the embedded data sets and those in a folder.")

    @OptionGroup var source: DataOptions

    func run() throws {
      let found = try source.folder.map { try DataDirectory($0).list() } ?? []
      let rows = (DataDirectory.embedded + found).map { entry in
        [entry.name, entry.path, entry.flaw ?? words(entry.size)].map(printable)
      }
      let table = TextTable(header: ["", "", ""], rows: rows, leftColumns: [0, 1, 2])
      try Screen.put(table.text(Screen(isQuiet: false).style))
    }

    private func words(_ size: DataSize) -> String {
      switch size {
      case .bytes(let count): Figures.bytes(count)
      case .words(let words): words
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read a data set and say what is in it.")

    @Argument(help: "The data set's name under --data, or its folder.") var name: String

    @OptionGroup var source: DataOptions

    func run() throws {
      let data = try load()
      var text =
        printable(data.name)
        + ": \(data.train.count) training and \(data.test.count) test \(data.train.kindWords), "
        + "\(data.classCount) classes\n"
      if let remark = data.remark { text += printable(remark) + "\n" }
      for (part, examples) in [("training", data.train), ("test", data.test)] {
        var counts = [Int](repeating: 0, count: data.classCount)
        for label in examples.labels { counts[Int(label)] += 1 }
        let line = "\(part) examples by class: \(counts.map(String.init).joined(separator: " "))"
        text += Screen(isQuiet: false).style.folded(line) + "\n"
      }
      if !data.untestedClasses.isEmpty {
        let labels = data.untestedClasses.joined(separator: ", ")
        text += "without test examples, so that no task can be of them alone: \(labels)\n"
      }
      try Screen.put(text)
    }

    private func load() throws -> DataSet {
      if let data = DataSource.embedded(name) { return data }
      let place = URL(fileURLWithPath: name).standardizedFileURL
      // A folder here wins over one that a variable names, as it has always been read.
      let isPath =
        name.contains("/")
        || source.data == nil && FileManager.default.fileExists(atPath: place.path)
      if !isPath, let parent = source.folder { return try DataDirectory(parent).load(name) }
      guard isPath else {
        throw DataError(
          "there is no folder \(name) here; give its path, or the parent of the data set with "
            + "--data DIR")
      }
      return try DataDirectory(place.deletingLastPathComponent().path)
        .load(place.lastPathComponent)
    }
  }

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: """
        Download a data set, check its SHA-256, and put it into a folder: data, if none is named.
        """)

    @Argument(help: "mnist") var name: String
    @OptionGroup var source: DataOptions
    @Option(help: "Address to fetch from instead of the public mirrors.") var from: String?

    func validate() throws {
      guard name == "mnist" else {
        throw ValidationError("only mnist can be fetched; other data sets are read from --data")
      }
    }

    func run() throws {
      let screen = Screen(isQuiet: false)
      let data = source.folder ?? "data"
      try MNISTFetch(folder: data + "/mnist", mirrors: from.map { [$0] }).run { file, done, total in
        screen.draw("\r\(file): \(Figures.bytes(done)) of \(Figures.bytes(total))\u{1B}[K")
      }
      screen.draw("\n")
      screen.write("mnist is complete in \(data)/mnist\n")
    }
  }
}
