public import Settings
import Tensors

/// Each task has its images rotated.
public struct RotatedStream: StreamKind {
  /// `stream.kind`.
  public static let name = "rotated"
  /// How images are turned.
  public static let keys: [Key<RotatedStream>] = [
    .numbers("angles", \.angles, .degrees, "One angle a task, degrees counter-clockwise."),
    .limit(
      "random-bins", \.randomBins, orWord: "none", .span,
      "Instead of angles, one random angle in each of T equal bins of 0 to this."),
    .choice("interpolation", \.interpolation, "How pixels are resampled."),
  ]

  /// How a rotated image gets its pixels.
  public enum Interpolation: String, Sendable, Hashable, Codable, CaseIterable {
    case nearest, bilinear
  }

  /// One a task, in degrees counter-clockwise, −360…360.
  public var angles: [Double] = [0, 20, 40, 60, 80]
  /// Instead: one uniform angle in each of as many equal bins of 0 to this as there are tasks;
  /// above 0, up to 360.
  public var randomBins: Double?
  public var interpolation = Interpolation.nearest

  /// Five angles up to 80°.
  public init() {}

  /// Images are needed.
  public var needsImages: Bool { true }
  /// An index, or four indices and four weights.
  public var viewByteCount: Int { interpolation == .bilinear ? 32 : 4 }

  /// - Throws: ``DataError`` when the angles do not fit.
  public func validate(taskCount: Int) throws(DataError) {
    if let randomBins {
      guard randomBins > 0 && randomBins <= 360 else {
        throw DataError(
          "stream.random-bins is \(randomBins); use degrees above 0 and up to 360")
      }
      return
    }
    guard angles.count == taskCount else {
      throw DataError(
        "stream.angles has \(angles.count) angles for \(taskCount) tasks; give one a task, or "
          + "stream.random-bins")
    }
    if let wrong = angles.first(where: { !(-360...360).contains($0) }) {
      throw DataError("stream.angles has \(wrong); use degrees from -360 to 360")
    }
  }

  /// A view a task, named by its angle.
  public func views(
    of data: DataSet, in frame: InputMap.Frame, taskCount: Int, seed: UInt64
  ) -> [TaskView] {
    degrees(taskCount: taskCount, seed: seed).map { degrees in
      TaskView(
        map: .rotated(byDegrees: degrees, interpolation, frame), name: Self.label(degrees))
    }
  }

  /// The angle of each task.
  func degrees(taskCount: Int, seed: UInt64) -> [Double] {
    guard let randomBins else { return angles }
    let bin = randomBins / Double(taskCount)
    return (0..<taskCount).map { task in
      var random = RandomStream(seed: seed, purpose: .rotation, node: task)
      return bin * (Double(task) + random.uniform(in: 0...1))
    }
  }

  /// `40°`, `12.5°`: to a tenth of a degree.
  private static func label(_ degrees: Double) -> String {
    let tenths = Int((degrees * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)°" : "\(sign)\(whole).\(rest)°"
  }
}
