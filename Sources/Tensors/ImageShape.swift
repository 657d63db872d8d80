/// The values of an image in a row of a batch: channel after channel, each row by row. What is no
/// image is one row of a single channel, and a question about a text one of several lines.
public struct ImageShape: Sendable, Hashable, Codable {
  public let channels: Int
  public let height: Int
  public let width: Int
  /// What the values are numbers of, if they are no quantities but words.
  public let text: TextShape?

  /// - Parameter channels: 1 for grey, 3 for colours.
  public init(channels: Int = 1, height: Int, width: Int) {
    precondition(channels >= 1 && height >= 1 && width >= 1, "an image has a value")
    self.channels = channels
    self.height = height
    self.width = width
    text = nil
  }

  /// The table of a question about a text.
  public init(_ text: TextShape) {
    channels = 1
    height = text.lineCount
    width = text.lineWidth
    self.text = text
  }

  /// Whether all sides are at least 1, and their product a number that memory could hold: what came
  /// in a message may be anything.
  public var isPossible: Bool {
    let sides = [channels, height, width]
    return sides.allSatisfy { (1...1 << 20).contains($0) }
      && sides.reduce(1.0) { $0 * Double($1) } <= Double(1 << 30)
      && text.map { $0.fits(height: height, width: width) } ?? true
  }

  /// Values in all.
  public var count: Int { channels * height * width }
  /// Values of a channel.
  public var area: Int { height * width }
}
