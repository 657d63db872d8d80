/// A data set: training and test examples of the same classes.
///
/// Classes are numbered from 0 without gaps, whatever labels the files have.
public struct DataSet: Sendable {
  public let name: String
  /// The label that the files have for each class, ascending.
  public let labels: [Int]
  /// What each class is called: its label, or the word that the files have for it.
  public let classNames: [String]
  /// The training part; its labels are the numbers of their classes.
  public let train: any Examples
  /// The test part; its labels are the numbers of their classes.
  public let test: any Examples

  /// What it is divided into where its files say so, ascending by number; otherwise empty.
  public let sections: [Section]
  /// The words that the numbers of its examples stand for, from 1; empty where they are quantities.
  public let vocabulary: [String]
  /// How many times its bytes are held while it is read: 2 where it is there as a file and as
  /// numbers, too.
  public let readingFactor: Double

  /// What to know of classes that are not called by the numbers from 0; `nil` where they are.
  public let remark: String?
  /// The data sets that it is made of: itself, or those that were joined.
  public let members: [Member]

  /// A data set and its classes in the one that it is part of.
  public struct Member: Sendable, Hashable {
    public let name: String
    /// Numbers of classes.
    public let classes: Range<Int>
  }

  /// A part of a data set that has a name: one of the sorts of questions that it asks.
  public struct Section: Sendable, Hashable {
    /// As its files have it.
    public let number: Int
    /// What tasks are called by: `qa1`.
    public let name: String
    /// What it is about: `single-supporting-fact`; or its name again.
    public let title: String

    /// - Parameter number: 0 or more.
    public init(number: Int, name: String, title: String) {
      self.number = number
      self.name = name
      self.title = title
    }
  }

  /// Number of classes, all of which have training examples unless it was made otherwise.
  public var classCount: Int { labels.count }
  /// Bytes that both parts hold in memory.
  public var byteCount: Int { train.byteCount + test.byteCount }

  /// - Parameters:
  ///   - train: With labels as the files have them.
  ///   - test: With labels as the files have them, too.
  ///   - words: What labels are called, where they are no names themselves.
  ///   - sections: What its examples' section numbers mean.
  ///   - vocabulary: The words that the examples' numbers stand for, from 1.
  ///   - asksUnseen: Whether test examples may be of classes that no training example has, as those
  ///     of some published data sets are.
  ///   - readingFactor: How many times its bytes are held while it is read, ≥ 1.
  /// - Throws: ``DataError`` when a part is empty or the two do not fit together.
  public init(
    name: String, train: any Examples, test: any Examples, words: [Int: String] = [:],
    sections: [Section] = [], vocabulary: [String] = [], asksUnseen: Bool = false,
    readingFactor: Double = 2
  ) throws(DataError) {
    guard train.shape == test.shape, train.inputCount == test.inputCount, train.text == test.text
    else {
      throw DataError(
        "data set \(name) has training \(train.kindWords) but test \(test.kindWords); take both "
          + "from the same data set")
    }
    guard train.count > 0, test.count > 0 else {
      throw DataError(
        "data set \(name) has \(train.count) training and \(test.count) test examples; it needs "
          + "some of each")
    }
    let known = train.labelsPresent
    let unknown = Set(test.labelsPresent).subtracting(known).sorted()
    let labels = (known + unknown).sorted()
    guard unknown.isEmpty || asksUnseen else {
      throw DataError(
        "data set \(name) has test examples with the "
          + "\(unknown.count == 1 ? "label" : "labels") \(LabelList.words(unknown)), which no "
          + "training example has; take both from the same data set")
    }
    self.name = name
    self.readingFactor = readingFactor
    self.sections = sections
    self.vocabulary = vocabulary
    self.labels = labels
    classNames = labels.map { words[$0] ?? "\($0)" }
    self.train = Self.numbered(train, by: labels)
    self.test = Self.numbered(test, by: labels)
    members = [Member(name: name, classes: labels.indices)]
    remark =
      sections.isEmpty
      ? Self.remark(name, labels, classNames) : Self.remark(name, sections)
  }

  /// Several data sets as one: their classes are numbered on from set to set.
  ///
  /// - Parameter sets: At least one.
  /// - Throws: ``DataError`` when their examples are not of one shape.
  public init(joining sets: [DataSet]) throws(DataError) {
    let first = sets[0]
    for set in sets.dropFirst() {
      guard set.train.shape == first.train.shape, set.train.inputCount == first.train.inputCount,
        first.train.text == nil, set.train.text == nil
      else {
        throw DataError(
          "data set \(first.name) has \(first.train.kindWords) but \(set.name) has "
            + "\(set.train.kindWords); the data sets of a stream must be alike")
      }
    }
    name = sets.map(\.name).joined(separator: "+")
    labels = sets.flatMap(\.labels)
    classNames = sets.flatMap { set in set.classNames.map { "\(set.name) \($0)" } }
    let starts = sets.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.classCount) }
    func joined(_ part: KeyPath<DataSet, any Examples>) -> JoinedExamples {
      let labels = zip(sets, starts).flatMap { set, start in
        set[keyPath: part].labels.map { $0 + Int32(start) }
      }
      return JoinedExamples(sets.map { $0[keyPath: part] }, labels: labels)
    }
    train = joined(\.train)
    test = joined(\.test)
    members = zip(sets, starts).map {
      Member(name: $0.name, classes: $1..<($1 + $0.classCount))
    }
    sections = []
    vocabulary = []
    readingFactor = sets.map(\.readingFactor).max() ?? 1
    let remarks = sets.compactMap(\.remark)
    remark = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }

  private static func remark(_ name: String, _ sections: [Section]) -> String {
    let names = sections.map { "\($0.number) \($0.title)" }.joined(separator: ", ")
    return "\(name): stream.sections names its sections by these numbers: \(names)"
  }

  private static func remark(
    _ name: String, _ labels: [Int], _ classNames: [String]
  ) -> String? {
    if classNames != labels.map(String.init) {
      let names = zip(labels, classNames).map { "\($0) \($1)" }.joined(separator: ", ")
      return "\(name): stream.classes names classes by these labels: \(names)"
    }
    return labels == Array(labels.indices)
      ? nil
      : "\(name): the labels \(LabelList.words(labels)) are \(labels.count) classes; tasks and "
        + "stream.classes name classes by their labels"
  }

  /// The examples with the numbers of their classes as labels.
  private static func numbered(_ examples: any Examples, by labels: [Int]) -> any Examples {
    guard labels != Array(labels.indices) else { return examples }
    var numbers: [Int32: Int32] = [:]
    for (number, label) in labels.enumerated() { numbers[Int32(label)] = Int32(number) }
    var examples = examples
    examples.labels = examples.labels.map { numbers[$0] ?? 0 }
    return examples
  }

  /// Names of the classes of which there is no test example, in their order.
  public var untestedClasses: [String] {
    let tested = Set(test.labelsPresent)
    return labels.indices.filter { !tested.contains($0) }.map { classNames[$0] }
  }
}
