/// Training and test images of the same classes.
public struct DataSet: Sendable {
  public let name: String
  /// Largest training label + 1.
  public let classCount: Int
  public let train: ImageSet
  public let test: ImageSet

  /// - Throws: ``DataError`` when a part is empty or the two do not fit together.
  public init(name: String, train: ImageSet, test: ImageSet) throws(DataError) {
    guard train.height == test.height, train.width == test.width else {
      throw DataError(
        "data set \(name) has training images of \(train.height)×\(train.width) but test images of "
          + "\(test.height)×\(test.width); take both from the same data set")
    }
    guard let largest = train.labels.max(), let largestTested = test.labels.max() else {
      throw DataError(
        "data set \(name) has \(train.count) training and \(test.count) test images; it needs some "
          + "of each")
    }
    guard largestTested <= largest else {
      throw DataError(
        "data set \(name) has test images of class \(largestTested) but training images of classes "
          + "up to \(largest) only; take both from the same data set")
    }
    self.name = name
    classCount = Int(largest) + 1
    self.train = train
    self.test = test
  }
}
