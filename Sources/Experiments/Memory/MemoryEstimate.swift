import Settings

/// Bytes that a run will hold, by what they are for: estimated from settings and sizes, before
/// any of them is taken.
public struct MemoryEstimate: Sendable, Hashable {
  /// Whose bytes they are.
  public enum Place: Sendable, Hashable {
    /// All nodes in one process.
    case simulation
    /// A launcher and a process for each node, all on one machine.
    case cluster
    /// A coordinator whose nodes are elsewhere.
    case coordinator
    /// One server or worker by itself.
    case worker
  }

  /// Bytes of one kind.
  public struct Part: Sendable, Hashable {
    /// As in "of which … are weights".
    public let what: String
    /// May be beyond any whole number.
    public let byteCount: Double
    /// Settings that make them less.
    public let remedy: String
  }

  /// Every kind once.
  public private(set) var parts: [Part] = []

  /// All of them together.
  public var byteCount: Double { parts.reduce(0) { $0 + $1.byteCount } }

  mutating func add(_ byteCount: Double, _ what: String, lower remedy: String) {
    let before = parts.firstIndex { $0.what == what }
    let sum = byteCount + (before.map { parts[$0].byteCount } ?? 0)
    let part = Part(what: what, byteCount: sum, remedy: remedy)
    if let before { parts[before] = part } else { parts.append(part) }
  }

  /// The estimate of several such runs at once.
  public func times(_ count: Int) -> MemoryEstimate {
    var all = MemoryEstimate()
    for part in parts {
      all.add(part.byteCount * Double(count), part.what, lower: part.remedy)
    }
    return all
  }

  /// - Parameters:
  ///   - subject: What needs it, as in "the run needs …".
  ///   - remedy: What to do besides lowering what the largest part comes from.
  /// - Throws: ``ConfigurationError`` when the machine has less.
  public func check(
    _ subject: String, in memory: MachineMemory, remedy: String = ""
  ) throws(ConfigurationError) {
    guard byteCount > memory.available, let largest = parts.max(by: { $0.byteCount < $1.byteCount })
    else { return }
    let rest =
      memory.available < 0.9 * memory.total
      ? ", of which \(Self.text(memory.available)) are free" : ""
    throw ConfigurationError(
      "\(subject) needs about \(Self.text(byteCount)) of memory (of which "
        + "\(Self.text(largest.byteCount)) are \(largest.what)); this machine has "
        + "\(Self.text(memory.total))\(rest); lower \(largest.remedy)\(remedy)")
  }

  /// `370 MB`, `41 GB`: two digits, which is all that an estimate has.
  static func text(_ byteCount: Double) -> String {
    var (amount, unit) = (byteCount / 1e6, "MB")
    for next in ["GB", "TB", "PB", "EB"] where amount >= 995 {
      (amount, unit) = (amount / 1e3, next)
    }
    let whole = amount < 100 ? amount.rounded() : (amount / 10).rounded() * 10
    return amount < 9.95
      ? "\(shortest((amount * 10).rounded() / 10)) \(unit)" : "\(shortest(whole)) \(unit)"
  }
}

/// What a machine has; looked up by whoever runs something on it.
public struct MachineMemory: Sendable, Hashable {
  /// Bytes that there are.
  public let total: Double
  /// Bytes of them that can still be had.
  public let available: Double

  /// - Parameters:
  ///   - total: Bytes that there are.
  ///   - available: Bytes of them that can still be had.
  public init(total: Double, available: Double) {
    self.total = total
    self.available = min(available, total)
  }
}
