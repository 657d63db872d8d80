/// Which values a key takes: what its reader checks, what messages say, and whose ends tests try.
indirect enum Domain: Sendable, CustomStringConvertible {
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
  var description: String {
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
  static let counts = 1...1_000_000_000

  /// A number of such things that may be none.
  static let countsOrNone = 0...counts.upperBound
}

/// Which numbers a key takes.
///
/// Most of them become numbers of 32 bits, as which 1e-50 is 0 and 1e50 is infinite: the ends are
/// numbers that stay what they are.
struct NumberRange: Sendable, CustomStringConvertible {
  private let ends: ClosedRange<Double>
  /// Whether 0 is taken although it is below the ends.
  private let takesZero: Bool

  init(_ ends: ClosedRange<Double>, orZero: Bool = false) {
    self.ends = ends
    takesZero = orZero
  }

  var lowerBound: Double { takesZero ? 0 : ends.lowerBound }
  var upperBound: Double { ends.upperBound }

  /// The least number above 0.
  var least: Double { ends.lowerBound }

  func contains(_ value: Double) -> Bool {
    ends.contains(value) || (takesZero && value == 0)
  }

  /// `from 0 to 1`.
  var description: String {
    (takesZero ? "that is 0 or " : "") + "from \(yaml(ends.lowerBound)) to \(yaml(ends.upperBound))"
  }

  static let positive = NumberRange(1e-30...1e30)
  static let notNegative = NumberRange(1e-30...1e30, orZero: true)
  static let fraction = NumberRange(0...1)
  static let share = NumberRange(1e-9...1)
  /// Below 1 as a number of 32 bits, too.
  static let belowOne = NumberRange(0...0.9999999)
  /// How many times as long work takes.
  static let factor = NumberRange(1...1e6)
  static let pixelMean = NumberRange(-1e6...1e6)
  static let pixelDeviation = NumberRange(1e-6...1e6)
  static let degrees = NumberRange(-360...360)
  static let span = NumberRange(1e-6...360)
  /// Workers a step.
  static let arrivals = NumberRange(1e-9...1e9)
  /// A cost on the simulator's clock, in whatever unit: up to eleven days of milliseconds.
  static let cost = NumberRange(0...1e9)
  /// The same as a calibration has it, which is multiplied by some hundred examples.
  static let measurement = NumberRange(0...1e6)
  static let bandwidth = NumberRange(1e-6...1e12)
}
