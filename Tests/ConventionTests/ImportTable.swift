/// Which room may import which: arrows point down only.
enum ImportTable {
  /// Rooms from the ground up; one may import only rooms that stand before it.
  static let order = [
    "Settings", "Tensors", "Archives", "Metrics", "Models", "Streams", "Compression", "Updates",
    "Consolidation", "Methods", "Roles", "Wire", "Simulation", "ZeroMQTransport", "Launch",
    "Reports", "Experiments", "Training", "Running", "Benchmarks", "hebb",
  ]

  /// No I/O, no clock, no randomness of the system, no threads.
  static let pure = [
    "Settings", "Tensors", "Archives", "Metrics", "Models", "Streams", "Compression", "Updates",
    "Consolidation", "Methods", "Roles",
  ]

  /// They touch the world, and never each other.
  static let drivers = ["Launch", "ZeroMQTransport", "Simulation"]

  /// Rooms, packages and system libraries, as Package.swift must have them too.
  static let modules: [String: Set<String>] = [
    "Tensors": ["CKernels", "CBLAS"],
    "Archives": ["Tensors", "CKernels"],
    "Settings": [],
    "Metrics": [],
    "Models": ["Settings", "Tensors", "CKernels"],
    "Streams": ["Settings", "Tensors", "CKernels"],
    "Updates": ["Settings", "Archives", "Tensors", "CKernels"],
    "Consolidation": ["Updates", "Archives", "Tensors", "CKernels"],
    "Compression": ["Settings", "Archives", "Tensors", "CKernels"],
    "Methods": ["Settings", "Archives", "Models", "Streams", "Consolidation", "Tensors"],
    "Roles": [
      "Compression", "Consolidation", "Updates", "Models", "Metrics", "Archives", "Tensors",
    ],
    "Wire": ["Roles", "Tensors"],
    "Simulation": ["Wire", "Roles", "Archives", "Tensors"],
    "ZeroMQTransport": ["Wire", "Roles", "Archives", "Tensors", "CZeroMQ", "CPlatform"],
    "Launch": ["CPlatform"],
    "Reports": ["Streams", "Metrics", "GRDB"],
    "Experiments": Set(pure).union(["Reports", "Yams", "CZlib", "CPNG", "CSodium"]),
    "Training": [
      "Experiments", "Roles", "Methods", "Consolidation", "Updates", "Streams", "Models",
      "Archives", "Tensors",
    ],
    "Running": [
      "Training", "Experiments", "Reports", "Launch", "ZeroMQTransport", "Simulation", "Roles",
      "Methods", "Consolidation", "Updates", "Streams", "Metrics", "Archives", "Tensors",
      "CPlatform", "Logging",
    ],
    "Benchmarks": [
      "Running", "Training", "Experiments", "Reports", "Launch", "ZeroMQTransport", "Simulation",
      "Roles", "Consolidation", "Updates", "Compression", "Streams", "Models", "Tensors",
      "CPlatform",
    ],
    "hebb": [
      "Benchmarks", "Running", "Training", "Experiments", "Reports", "Launch", "ZeroMQTransport",
      "Roles", "Streams", "Tensors", "ArgumentParser", "CPlatform",
    ],
  ]

  /// What comes with the toolchain. Pure rooms have locks and nothing else.
  static let toolchain: [String: Set<String>] = [
    "Wire": ["Foundation"],
    "Simulation": [],
    "ZeroMQTransport": [],
    "Launch": ["Foundation"],
    "Reports": ["Foundation"],
    "Experiments": ["Foundation"],
    "Training": ["Foundation"],
    "Running": ["Foundation"],
    "Benchmarks": ["Foundation"],
    "hebb": ["Foundation"],
  ]

  static func mayImport(_ room: String) -> Set<String>? {
    modules[room].map { $0.union(toolchain[room] ?? []).union(["Synchronization"]) }
  }

  /// The module of an import declaration in a line of code.
  static func module(importedBy code: String) -> String? {
    let words = code.split { " \t;".contains($0) }
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
      words[..<place].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains(String($0)) })
    else { return nil }
    let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let name = words.dropFirst(place + 1).first { !kinds.contains(String($0)) }
    return name.map { String($0.prefix { $0 != "." }) }
  }

  private static let accessLevels = ["public", "package", "internal", "fileprivate", "private"]

  /// Room → dependencies, as a manifest declares them with `room(…)` and `.executableTarget(…)`.
  static func declared(in manifest: [String]) -> [String: Set<String>] {
    let text = manifest.joined(separator: "\n")
    let room = /(?:\broom\(|\.executableTarget\()\s*(?:name:\s*)?"(\w+)"/
    var table: [String: Set<String>] = [:]
    for match in text.matches(of: room) {
      // To the parenthesis that closes the declaration.
      var depth = 1
      let arguments = text[match.range.upperBound...].prefix {
        depth += $0 == "(" ? 1 : $0 == ")" ? -1 : 0
        return depth > 0
      }
      // The package of a product is no module.
      let plain = arguments.replacing(/package:\s*"[^"]*"/, with: "")
      table[String(match.output.1)] = Set(plain.matches(of: /"(\w+)"/).map { String($0.output.1) })
    }
    return table
  }
}
