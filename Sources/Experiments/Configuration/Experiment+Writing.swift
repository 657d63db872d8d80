import Settings

extension Experiment {
  /// The whole experiment as YAML, every key that counts with its value; reading it gives an equal
  /// experiment.
  public var resolvedYAML: String {
    var writer = ExperimentWriter(self)
    for part in ExperimentFile.parts { writer.write(part) }
    return writer.text
  }

  /// `key=value` for each key in which it differs from another one: arguments of `--set` that make
  /// the other one equal to it, but for `compare`.
  public func sets(from other: Experiment) -> [String] {
    ExperimentFile.keys(of: self).compactMap { key in
      let value = key.write(self)
      let isOther = ExperimentFile.choice(of: key.name).map { choice in
        choice.kind(of: self).name != choice.kind(of: other).name
      }
      // Another kind keeps what the one before it has, too, and takes a strength of its own: both
      // have to be told along with the name.
      if isOther == true { return "\(key.name)=\(value)" }
      return value == key.write(other) ? nil : "\(key.name)=\(value)"
    }
  }

  /// The words of a command without what `--set` gives kinds that this experiment has not chosen.
  ///
  /// Of an argument with several keys those that count stay, with the values that they have here.
  public func withoutOthers(_ words: [String]) -> [String] {
    var kept: [String] = []
    for (index, word) in words.enumerated() {
      guard index > 0, words[index - 1] == "--set", let settings = try? Self.settings(word) else {
        kept.append(word)
        continue
      }
      let keys = settings.map { ExperimentFile.key($0.key, of: self) }
      let counts = zip(settings, keys).map { ExperimentFile.choice(of: $0.key) == nil || $1 != nil }
      if counts.allSatisfy({ $0 }) {
        kept.append(word)
        continue
      }
      kept.removeLast()
      let sets = keys.compactMap { $0 }.map { "\($0.name)=\($0.write(self))" }
      kept += sets.flatMap { ["--set", $0] }
    }
    return kept
  }
}

/// Writes keys of an experiment as YAML, section by section.
struct ExperimentWriter {
  private let experiment: Experiment
  private var lines: [String] = []
  private var sections: [Substring] = []

  init(_ experiment: Experiment) { self.experiment = experiment }

  var text: String { lines.joined(separator: "\n") + "\n" }

  /// The keys that count, with nothing said of them.
  mutating func write(_ part: FilePart) {
    switch part {
    case .key(let key):
      // A method's own strength is not the experiment's to say.
      let isOwn =
        ExperimentFile.strengthPaths.contains(key.name)
        && key.write(experiment) == key.write(Experiment())
      if !isOwn { write(key) }
      if key.name == ExperimentFile.strengthPaths.last { writeComparison() }
    case .choice(let choice):
      for key in [choice.selector] + choice.kind(of: experiment).keys { write(key) }
    }
  }

  /// One key, below its section.
  ///
  /// - Parameter comments: Lines to stand above it, without their `#`.
  mutating func write(_ key: Key<Experiment>, comments: [String] = []) {
    let indent = open(key.name, isApart: !comments.isEmpty)
    for comment in comments { lines += Self.wrap(comment, indent: indent + "# ") }
    let name = key.name.split(separator: ".").last ?? ""
    lines.append("\(indent)\(name): \(key.write(experiment))")
  }

  /// Begins the sections of a key.
  ///
  /// - Parameter isApart: Whether an empty line goes before a section at the margin.
  /// - Returns: What its line begins with.
  @discardableResult
  mutating func open(_ path: String, isApart: Bool = false) -> String {
    let wanted = Array(path.split(separator: ".").dropLast())
    let common = zip(sections, wanted).prefix { $0 == $1 }.count
    for depth in common..<wanted.count {
      if isApart && depth == 0 && !lines.isEmpty { lines.append("") }
      lines.append(String(repeating: "  ", count: depth) + "\(wanted[depth]):")
    }
    sections = wanted
    return String(repeating: "  ", count: wanted.count)
  }

  /// Prose as a comment where the next key would stand; spaces before it indent it.
  mutating func write(comment: String) {
    let margin = String(comment.prefix { $0 == " " })
    lines += Self.wrap(
      comment, indent: String(repeating: "  ", count: sections.count) + "# " + margin)
  }

  /// The experiment's methods to compare.
  ///
  /// - Parameter comments: Lines to stand above it.
  mutating func writeComparison(comments: [String] = []) {
    sections = []
    if !comments.isEmpty && !lines.isEmpty { lines.append("") }
    lines += comments.map { "# " + $0 }
    guard !experiment.compare.isEmpty else {
      lines.append("compare: none")
      return
    }
    lines.append("compare:")
    for method in experiment.compare {
      let one = experiment.with(method)
      let fields = ExperimentFile.keys(of: one)
        .filter { $0.name.hasPrefix("method.") && !ExperimentFile.strengthPaths.contains($0.name) }
        .map { "\($0.name.dropFirst("method.".count)): \($0.write(one))" }
      lines.append("  - {\(fields.joined(separator: ", "))}")
    }
  }

  /// Lines of at most 100 columns.
  private static func wrap(_ text: String, indent: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent.count + line.count + 1 + word.count > 100 {
        lines.append(indent + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [indent + line]
  }
}
