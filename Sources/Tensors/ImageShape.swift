/// The values of an image in a row of a batch: channel after channel, each row by row.
public struct ImageShape: Sendable, Hashable {
  public let channels: Int
  public let height: Int
  public let width: Int

  /// - Parameter channels: 1 for grey, 3 for colours.
  public init(channels: Int = 1, height: Int, width: Int) {
    precondition(channels >= 1 && height >= 1 && width >= 1, "an image has a value")
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Values in all.
  public var count: Int { channels * height * width }
  /// Values of a channel.
  public var area: Int { height * width }
}
