/// Which values a key takes: what its reader checks, what messages say, and whose ends tests try.
public indirect enum Domain: Sendable, Hashable, CustomStringConvertible {
  /// Any text but the empty one.
  case text
  case words([String])
  case whole(ClosedRange<Int>)
  /// Whole numbers of 64 bits without a sign.
  case seed
  case number(NumberRange)
  /// Of any length.
  case list(of: Domain)
  /// A list that has these in this order.
  case tuple([Domain])
  case mapping(from: Domain, to: Domain)
  case either(Domain, Domain)

  /// As in "it must be …".
  public var description: String {
    switch self {
    case .text: "a word"
    case .words(let words) where words.count == 1: words[0]
    case .words(let words): "one of \(words.joined(separator: ", "))"
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seed: "a whole number from 0 to \(UInt64.max)"
    case .number(let range): "a number \(range)"
    case .list(of: .whole(let range)):
      "a list of whole numbers from \(range.lowerBound) to \(range.upperBound)"
    case .list(of: .number(let range)): "a list of numbers \(range)"
    case .list(of: let element): "a list of which each is \(element)"
    case .tuple(let elements):
      "a list of \(elements.count): \(elements.map(\.description).joined(separator: ", "))"
    case .mapping(let key, let value): "a mapping of \(key) to \(value)"
    case .either(let first, let second): "\(first) or \(second)"
    }
  }

  /// A number of steps, examples or the like: more than anybody can wait for, and products of three
  /// of them are counted in doubles.
  public static let counts = 1...1_000_000_000

  /// A number of such things that may be none.
  public static let countsOrNone = 0...counts.upperBound
}
