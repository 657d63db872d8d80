import Settings

/// Values at the ends of what a key takes, just inside and just outside of them.
struct Probe: Sendable {
  /// As `--set` takes it.
  let text: String
  /// Whether the key takes it.
  let isInside: Bool

  init(_ text: String, _ isInside: Bool = true) {
    self.text = text
    self.isInside = isInside
  }

  static func all(of domain: Domain) -> [Probe] {
    switch domain {
    case .text: [Probe("a"), Probe("\"1e999\""), Probe("\"\"", false)]
    case .words(let words): words.map { Probe($0) } + [Probe("\(words[0])x", false)]
    case .seed:
      [Probe("0"), Probe("1_000"), Probe("\(UInt64.max)")]
        + ["-1", "18446744073709551616", "1.5"].map { Probe($0, false) }
    case .whole(let range):
      [range.lowerBound, range.lowerBound + 1, range.upperBound - 1, range.upperBound]
        .map { Probe("\($0)", range.contains($0)) }
        + [range.lowerBound - 1, range.upperBound + 1, .min, .max].map { Probe("\($0)", false) }
        + ["9223372036854775808", "1e3", "nan", "[1]"].map { Probe($0, false) }
    case .number(let range): numbers(range)
    case .list(of: let element): lists(of: all(of: element))
    case .tuple(let elements): tuples(elements.map { all(of: $0) })
    case .mapping(from: let key, to: let value): mappings(all(of: key), all(of: value))
    // What neither takes; what one does not take the other may.
    case .either(let first, let second):
      (all(of: first) + all(of: second)).filter(\.isInside)
        + all(of: second).filter { !$0.isInside }
    }
  }

  private static func numbers(_ range: NumberRange) -> [Probe] {
    let ends = [range.lowerBound, range.least, range.upperBound]
    let values =
      ends.flatMap { [$0.nextDown, $0, $0.nextUp] }
      + [0, -0.0, 1e-50, -1e-50, .leastNonzeroMagnitude, 1e50, 1e300, -1e300, .infinity, .nan]
    return values.map { Probe("\($0)", range.contains($0)) }
      + ["1e400", "1e-400", "0x1p2000", "[1]", "one"].map { text in
        Probe(text, Double(text).map { range.contains($0) } ?? false)
      }
  }

  /// Empty ones, of one element, of two workers' and of more.
  private static func lists(of elements: [Probe]) -> [Probe] {
    let (inside, outside) = (elements.filter(\.isInside), elements.filter { !$0.isInside })
    func list(_ elements: [Probe]) -> Probe {
      Probe(
        "[" + elements.map(\.text).joined(separator: ", ") + "]", elements.allSatisfy(\.isInside))
    }
    let pairs = zip(inside, inside.reversed()).map { list([$0, $1]) }
    return [list([]), Probe("1", false), Probe("{a: 1}", false), list(inside)]
      + inside.map { list([$0]) } + pairs + outside.map { list([$0]) }
      + outside.prefix(3).map { list([inside[0], $0]) }
  }

  /// Empty, and of one entry.
  private static func mappings(_ keys: [Probe], _ values: [Probe]) -> [Probe] {
    func mapping(_ key: Probe, _ value: Probe) -> Probe {
      Probe("{\(key.text): \(value.text)}", key.isInside && value.isInside)
    }
    let (key, value) = (keys.first { $0.isInside } ?? keys[0], values.first { $0.isInside })
    return [Probe("{}")] + keys.map { mapping($0, value ?? values[0]) }
      + values.map { mapping(key, $0) }
  }

  private static func tuples(_ parts: [[Probe]]) -> [Probe] {
    func tuple(_ parts: [Probe]) -> Probe {
      Probe("[" + parts.map(\.text).joined(separator: ", ") + "]", parts.allSatisfy(\.isInside))
    }
    let plain = parts.map { $0.first { $0.isInside } ?? $0[0] }
    var all = [Probe(tuple(Array(plain.dropLast())).text, false), tuple(plain)]
    for (place, probes) in parts.enumerated() {
      for probe in probes {
        var changed = plain
        changed[place] = probe
        all.append(tuple(changed))
      }
    }
    return all
  }
}
