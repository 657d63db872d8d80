/// Which numbers a key takes.
///
/// Most of them become numbers of 32 bits, as which 1e-50 is 0 and 1e50 is infinite: the ends are
/// numbers that stay what they are.
public struct NumberRange: Sendable, Hashable, CustomStringConvertible {
  private let ends: ClosedRange<Double>
  /// Whether 0 is taken although it is below the ends.
  private let takesZero: Bool

  /// - Parameters:
  ///   - ends: The least and the greatest number.
  ///   - orZero: Whether 0 is taken, too.
  public init(_ ends: ClosedRange<Double>, orZero: Bool = false) {
    self.ends = ends
    takesZero = orZero
  }

  /// The least number that is taken.
  public var lowerBound: Double { takesZero ? 0 : ends.lowerBound }
  /// The greatest number that is taken.
  public var upperBound: Double { ends.upperBound }

  /// The least number above 0.
  public var least: Double { ends.lowerBound }

  /// Whether a number is taken; one that is not a number never is.
  public func contains(_ value: Double) -> Bool {
    ends.contains(value) || (takesZero && value == 0)
  }

  /// `from 0 to 1`.
  public var description: String {
    (takesZero ? "that is 0 or " : "")
      + "from \(shortest(ends.lowerBound)) to \(shortest(ends.upperBound))"
  }

  /// Above 0.
  public static let positive = NumberRange(1e-30...1e30)
  /// 0 or more.
  public static let notNegative = NumberRange(1e-30...1e30, orZero: true)
  /// From none to all.
  public static let fraction = NumberRange(0...1)
  /// A part of something that is not nothing.
  public static let share = NumberRange(1e-9...1)
  /// Below 1 as a number of 32 bits, too.
  public static let belowOne = NumberRange(0...0.9999999)
  /// How many times as long work takes.
  public static let factor = NumberRange(1...1e6)
  /// A mean of pixels, which are in 0…1.
  public static let pixelMean = NumberRange(-1e6...1e6)
  /// A standard deviation of pixels.
  public static let pixelDeviation = NumberRange(1e-6...1e6)
  /// An angle.
  public static let degrees = NumberRange(-360...360)
  /// A range of angles, in degrees.
  public static let span = NumberRange(1e-6...360)
  /// Workers a step.
  public static let arrivals = NumberRange(1e-9...1e9)
  /// A cost on the simulator's clock, in whatever unit: up to eleven days of milliseconds.
  public static let cost = NumberRange(0...1e9)
  /// A cost as a calibration has it, which is multiplied by some hundred examples.
  public static let measurement = NumberRange(0...1e6)
  /// Megabytes a second.
  public static let bandwidth = NumberRange(1e-6...1e12)
}
