import Settings
import Yams

extension Experiment {
  /// `reference.yaml`: every key with its default and meaning. Those of kinds that the default
  /// experiment does not choose stand as comments below their kind.
  public static var referenceYAML: String {
    var writer = ReferenceWriter()
    for part in ExperimentFile.parts { writer.write(part) }
    return """
      # Every key of an experiment with its default. A file names only what it changes, and
      # `--set key=value` overrides any of them: --set optimizer.rate=0.01
      # What is chosen by name has keys of its own. Those of kinds that are not chosen here stand as
      # comments: they go with their kind only.

      """ + writer.text
  }

  /// The part of `reference.yaml` that begins with something (a key, a section, or some keys of it)
  /// or the keys of a kind: `ewc`.
  ///
  /// - Throws: ``ConfigurationError`` when there is no such thing.
  public static func reference(of word: String) throws -> String {
    let paths = ExperimentFile.paths + ["compare"]
    let exact = paths.filter { $0 == word || $0.hasPrefix(word + ".") }
    if exact.isEmpty, let kinds = ReferenceWriter.kinds(named: word) { return kinds }
    let wanted = Set(exact.isEmpty ? paths.filter { $0.hasPrefix(word) } : exact)
    guard !wanted.isEmpty else {
      throw unknown(
        FileSetting(node: Node(""), place: "hebb keys \(word)", key: word),
        orOf: ExperimentFile.choices.flatMap(\.catalog.names))
    }
    var writer = ReferenceWriter()
    for part in ExperimentFile.parts { writer.write(part) { wanted.contains($0) } }
    return String(writer.text.drop { $0 == "\n" })
  }
}

/// Writes keys of the default experiment with their meaning.
private struct ReferenceWriter {
  private var writer = ExperimentWriter(Experiment())

  var text: String { writer.text }

  /// The keys of all kinds of a name, as they are when each is chosen; `nil` without such a kind.
  static func kinds(named name: String) -> String? {
    let texts = ExperimentFile.choices.compactMap { choice -> String? in
      guard let kind = choice.catalog[name] else { return nil }
      var experiment = Experiment()
      kind.choose(&experiment)
      var writer = ExperimentWriter(experiment)
      for key in [choice.selector] + kind.keys {
        writer.write(key, comments: [key.documentation])
      }
      return writer.text
    }
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }

  /// - Parameter isWanted: By the name of a key.
  mutating func write(_ part: FilePart, _ isWanted: (String) -> Bool = { _ in true }) {
    switch part {
    case .key(let key):
      if isWanted(key.name) { writer.write(key, comments: [key.documentation]) }
      if key.name == ExperimentFile.strengthPaths.last, isWanted("compare") {
        writer.writeComparison(comments: [
          "Methods to run one after another and compare; each names what differs from method.",
          "none: just the one above.",
        ])
      }
    case .choice(let choice): write(choice, isWanted)
    }
  }

  private mutating func write(_ choice: Choice, _ isWanted: (String) -> Bool) {
    let chosen = choice.kind(of: Experiment())
    if isWanted(choice.path) {
      writer.write(choice.selector, comments: [choice.selector.documentation])
    }
    var said: Set<[String]> = []
    for key in chosen.keys where isWanted(key.name) {
      writer.write(key, comments: ["\(chosen.name): \(key.documentation)"])
      said.insert([key.name, key.documentation])
    }
    for kind in choice.catalog.kinds where kind.name != chosen.name {
      let keys = kind.keys.filter { isWanted($0.name) }
      guard let first = keys.first else { continue }
      writer.open(first.name)
      var experiment = Experiment()
      kind.choose(&experiment)
      let values = keys.map { "\(last($0.name)): \($0.write(experiment))" }
      writer.write(comment: "\(kind.name): {\(values.joined(separator: ", "))}")
      for key in keys where said.insert([key.name, key.documentation]).inserted {
        writer.write(comment: "  \(last(key.name)): \(key.documentation)")
      }
    }
  }

  private func last(_ path: String) -> Substring { path.split(separator: ".").last ?? "" }
}
