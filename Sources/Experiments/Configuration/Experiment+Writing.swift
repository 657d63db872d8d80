import Yams

extension Experiment {
  /// The whole experiment as YAML, every key with its value; reading it gives an equal experiment.
  public var resolvedYAML: String { Self.write(self, comments: false) }

  /// `key=value` for each key in which it differs from another one: arguments of `--set` that make
  /// the other one equal to it, but for `compare`.
  public func sets(from other: Experiment) -> [String] {
    Key.all.compactMap { key in
      let value = key.write(self)
      let differs = value != key.write(other)
      // Another name takes another strength, so that it has to be told along with the name.
      let isBound = key.path == "method.lambda" && method.name != other.method.name
      return (isBound ? method.name.hasPenalty : differs) ? "\(key.path)=\(value)" : nil
    }
  }

  /// `reference.yaml`: every key with its default and meaning.
  public static var referenceYAML: String {
    """
    # Every key of an experiment with its default. A file names only what it changes, and
    # `--set key=value` overrides any of them: --set optimizer.rate=0.01

    """ + write(Experiment(), comments: true)
  }

  /// The part of `reference.yaml` that begins with something: a key, a section, or some keys of it.
  ///
  /// - Throws: ``ConfigurationError`` when no key does.
  public static func reference(of prefix: String) throws -> String {
    let paths = Key.all.map(\.path) + ["compare"]
    let exact = paths.filter { $0 == prefix || $0.hasPrefix(prefix + ".") }
    let chosen = exact.isEmpty ? paths.filter { $0.hasPrefix(prefix) } : exact
    guard !chosen.isEmpty else {
      throw unknown(Setting(node: Node(""), place: "hebb keys \(prefix)", key: prefix))
    }
    let text = write(Experiment(), comments: true) { chosen.contains($0) }
    return String(text.drop { $0 == "\n" })
  }

  private static func write(
    _ experiment: Experiment, comments: Bool, _ isWanted: (String) -> Bool = { _ in true }
  ) -> String {
    var lines: [String] = []
    var sections: [Substring] = []
    for key in Key.all {
      if isWanted(key.path) {
        let parts = key.path.split(separator: ".")
        let wanted = Array(parts.dropLast())
        let common = zip(sections, wanted).prefix { $0 == $1 }.count
        for depth in common..<wanted.count {
          if comments && depth == 0 { lines.append("") }
          lines.append(String(repeating: "  ", count: depth) + "\(wanted[depth]):")
        }
        sections = wanted
        let indent = String(repeating: "  ", count: wanted.count)
        if comments { lines += wrap(key.documentation, indent: indent) }
        lines.append("\(indent)\(parts[wanted.count]): \(key.write(experiment))")
      }
      if key.path == Key.strengths.last?.path, isWanted("compare") {
        lines += comparison(experiment, comments: comments)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func comparison(_ experiment: Experiment, comments: Bool) -> [String] {
    var lines: [String] = []
    if comments {
      lines += [
        "", "# Methods to run one after another and compare; each names what differs from method.",
        "# none: just the one above.",
      ]
    }
    guard !experiment.compare.isEmpty else { return lines + ["compare: none"] }
    lines.append("compare:")
    for method in experiment.compare {
      var one = experiment
      one.method = method
      let fields = Key.methodKeys.map { key in
        "\(key.path.dropFirst("method.".count)): \(key.write(one))"
      }
      lines.append("  - {\(fields.joined(separator: ", "))}")
    }
    return lines
  }

  /// Comment lines of at most 100 columns.
  private static func wrap(_ text: String, indent: String) -> [String] {
    var lines: [String] = []
    var line = indent + "#"
    for word in text.split(separator: " ") {
      if line.count + 1 + word.count > 100 {
        lines.append(line)
        line = indent + "#"
      }
      line += " " + word
    }
    return lines + [line]
  }
}
