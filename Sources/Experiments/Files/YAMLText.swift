import Yams

/// The one place where text becomes a tree.
enum YAMLText {
  /// Values that a tree may have once its aliases are written out.
  private static let nodeCountMaximum = 2_000_000

  /// The root of the one document in a text; `nil` for an empty text.
  ///
  /// - Parameter file: Its name, for errors.
  /// - Throws: ``ConfigurationError``: one sentence with file and line.
  static func root(_ text: String, file: String) throws(ConfigurationError) -> Node? {
    let root: Node?
    do {
      // The encoding is named: otherwise a variable of the environment could choose it.
      root = try Yams.compose(yaml: text, .default, .default, .utf8)
    } catch let error as YamlError {
      throw ConfigurationError(describe(error, file: file))
    } catch {
      throw ConfigurationError("\(file): this is not YAML; name a file of keys and values")
    }
    // Without an alias there are no more values than characters.
    if let root, text.utf8.contains(UInt8(ascii: "*")), !isModest(root) {
      throw ConfigurationError(
        "\(file): its aliases stand for more than \(nodeCountMaximum) values; write out what is "
          + "meant")
    }
    return root
  }

  private static func isModest(_ root: Node) -> Bool {
    var open = [root]
    var count = 0
    while let node = open.popLast() {
      count += 1
      switch node {
      case .scalar, .alias: break
      case .sequence(let items): open += items
      case .mapping(let pairs): for pair in pairs { open += [pair.key, pair.value] }
      }
      guard count + open.count <= nodeCountMaximum else { return false }
    }
    return true
  }

  private static func describe(_ error: YamlError, file: String) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "\(file):\(mark.line): this is not YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      "\(file):\(context.mark.line): \(duplicates.joined(separator: ", ")) is given twice"
    case .reader(let problem, _, _, _): "\(file): this is not YAML: \(problem)"
    case .memory: "\(file): this is not YAML: lists and mappings are nested too deeply"
    default: "\(file): this is not YAML; name a file of keys and values"
    }
  }
}
