/// The address of a machine in numbers.
public enum IPAddress: Sendable, Hashable {
  /// Its 32 bits, the first number highest.
  case v4(UInt32)
  /// Eight groups of 16 bits, and the interface that a link-local address is valid on.
  case v6([UInt16], zone: String? = nil)

  /// This machine, for itself alone.
  public static let loopback = IPAddress.v4(0x7F00_0001)

  /// Reads `192.0.2.1` or `2001:db8::1`, the latter without brackets; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    if let bits = Self.bits(Substring(text)) {
      self = .v4(bits)
      return
    }
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard let groups = Self.groups(around: Substring(parts[0])) else { return nil }
    let zone = parts.count == 2 ? String(parts[1]) : nil
    if let zone {
      guard (1...15).contains(zone.utf8.count), zone.utf8.allSatisfy(\.isPartOfName) else {
        return nil
      }
    }
    self = .v6(groups, zone: zone)
  }

  /// Whether it is one of version 6.
  public var isIPv6: Bool { if case .v6 = self { true } else { false } }

  /// Whether it leads back to the machine that uses it, whichever that is.
  public var isLoopback: Bool {
    if let embedded { return embedded.isLoopback }
    return switch self {
    case .v4(let bits): bits >> 24 == 127
    case .v6(let groups, _): groups == [0, 0, 0, 0, 0, 0, 0, 1]
    }
  }

  /// Whether it stands for all addresses of a machine: fit for listening only.
  public var isWildcard: Bool {
    if let embedded { return embedded.isWildcard }
    return switch self {
    case .v4(let bits): bits == 0
    case .v6(let groups, _): groups.allSatisfy { $0 == 0 }
    }
  }

  /// The IPv4 address of `::ffff:192.0.2.1`.
  private var embedded: IPAddress? {
    guard case .v6(let groups, _) = self, groups[..<5].allSatisfy({ $0 == 0 }),
      groups[5] == 0xFFFF
    else { return nil }
    return .v4(UInt32(groups[6]) << 16 | UInt32(groups[7]))
  }

  // MARK: Reading

  /// Four numbers from 0 to 255. Leading zeros are refused: some read them as octal.
  private static func bits(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard part.utf8.allSatisfy(\.isDigit), let number = UInt8(part),
        part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0")
      else { return nil }
      bits = bits << 8 | UInt32(number)
    }
    return bits
  }

  /// Eight groups, of which `::` stands for one or more that are zero.
  private static func groups(around text: Substring) -> [UInt16]? {
    guard let gap = text.firstRange(of: "::") else {
      return groups(in: text).flatMap { $0.count == 8 ? $0 : nil }
    }
    guard let head = groups(in: text[..<gap.lowerBound]),
      let tail = groups(in: text[gap.upperBound...]), head.count + tail.count < 8
    else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  /// Groups of one to four hexadecimal digits; the last two may be an IPv4 address.
  private static func groups(in text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, let bits = bits(part) {
        groups += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}

extension IPAddress: CustomStringConvertible {
  /// As RFC 5952 has it, without brackets.
  public var description: String {
    switch self {
    case .v4(let bits):
      return [24, 16, 8, 0].map { "\(bits >> $0 & 255)" }.joined(separator: ".")
    case .v6(let groups, let zone):
      let text = groups.map { String($0, radix: 16) }
      let suffix = zone.map { "%\($0)" } ?? ""
      guard let gap = Self.longestGap(groups) else { return text.joined(separator: ":") + suffix }
      return text[..<gap.lowerBound].joined(separator: ":") + "::"
        + text[gap.upperBound...].joined(separator: ":") + suffix
    }
  }

  /// The first of the longest runs of at least two zeros.
  private static func longestGap(_ groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > longest.count {
        longest = start..<index + 1
      }
    }
    return longest.count > 1 ? longest : nil
  }
}

extension UInt8 {
  /// Of ASCII.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// Whether a name of a machine or an interface may have it.
  var isPartOfName: Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return isDigit || letters.contains(self | 0x20) || "-._".utf8.contains(self)
  }
}
