/// A data set: training and test images of the same classes.
///
/// Classes are numbered from 0 without gaps, whatever labels the files have.
public struct DataSet: Sendable {
  public let name: String
  /// The label that the files have for each class, ascending.
  public let labels: [Int]
  /// Their labels are the numbers of their classes.
  public let train: ImageSet
  public let test: ImageSet

  /// Number of classes, all of which have training images.
  public var classCount: Int { labels.count }

  /// - Parameters:
  ///   - train: With labels as the files have them.
  ///   - test: The same.
  /// - Throws: ``DataError`` when a part is empty or the two do not fit together.
  public init(name: String, train: ImageSet, test: ImageSet) throws(DataError) {
    guard train.height == test.height, train.width == test.width else {
      throw DataError(
        "data set \(name) has training images of \(train.height)×\(train.width) but test images of "
          + "\(test.height)×\(test.width); take both from the same data set")
    }
    guard train.count > 0, test.count > 0 else {
      throw DataError(
        "data set \(name) has \(train.count) training and \(test.count) test images; it needs some "
          + "of each")
    }
    let labels = train.labelsPresent
    let unknown = Set(test.labelsPresent).subtracting(labels).sorted()
    guard unknown.isEmpty else {
      throw DataError(
        "data set \(name) has test images with the "
          + "\(unknown.count == 1 ? "label" : "labels") \(LabelList.words(unknown)), which no "
          + "training image has; take both from the same data set")
    }
    self.name = name
    self.labels = labels
    var classes = [UInt8](repeating: 0, count: 256)
    for (number, label) in labels.enumerated() { classes[label] = UInt8(number) }
    let isPlain = labels == Array(labels.indices)
    self.train = isPlain ? train : train.relabelled(classes)
    self.test = isPlain ? test : test.relabelled(classes)
  }

  /// Labels of which there is no test image, ascending.
  public var untestedLabels: [Int] {
    let tested = Set(test.labelsPresent)
    return labels.indices.filter { !tested.contains($0) }.map { labels[$0] }
  }

  /// What to know of labels that are not the numbers from 0; `nil` where they are.
  public var remark: String? {
    labels == Array(labels.indices)
      ? nil
      : "\(name): the labels \(LabelList.words(labels)) are \(classCount) classes; tasks and "
        + "stream.classes name classes by their labels"
  }
}
