public import Settings

/// How the tasks of a stream differ: a value whose stored properties are its settings.
///
/// A further kind is one file and one line in ``StreamKinds``.
public protocol StreamKind: Selectable {
  /// The data sets that it is made of, by name; empty: the experiment's one.
  var dataSets: [String] { get }
  /// Whether it moves pixels about, so that examples must be images.
  var needsImages: Bool { get }
  /// Whether an example is in one task only.
  var partsClasses: Bool { get }
  /// Whether a class that several tasks have is one answer, so that under scenario `class` it has
  /// one output unit; otherwise each task has units of its own.
  var sharesAnswers: Bool { get }
  /// Share of a text's sentences by which training moves their times (``TimeNoise``), 0 to 1.
  var timeNoise: Double { get }
  /// Bytes of memory that each task's view takes for each of its inputs.
  var viewByteCount: Int { get }

  /// What can be said before the data are known.
  ///
  /// - Throws: ``DataError`` that names the key.
  func validate(taskCount: Int) throws(DataError)

  /// By task, the numbers of the data set's classes in it, in the order of their output units.
  ///
  /// - Throws: ``DataError`` when the data do not allow it.
  func classes(of data: DataSet, taskCount: Int, seed: UInt64) throws(DataError) -> [[Int]]

  /// By task, the number of the data set's section that its examples are in; `nil` where its
  /// classes alone say which examples it has.
  ///
  /// - Throws: ``DataError`` when the data have no such section.
  func sections(of data: DataSet, taskCount: Int) throws(DataError) -> [Int]?

  /// How each task shows examples.
  func views(
    of data: DataSet, in frame: InputMap.Frame, taskCount: Int, seed: UInt64
  ) -> [TaskView]
}

/// Every task has all classes of the experiment's data set and shows them as they are, unless a
/// kind says otherwise.
extension StreamKind {
  /// None.
  public var dataSets: [String] { [] }
  /// It leaves pixels where they are.
  public var needsImages: Bool { false }
  /// All examples are in every task.
  public var partsClasses: Bool { false }
  /// A class is another answer in each task.
  public var sharesAnswers: Bool { false }
  /// None.
  public var timeNoise: Double { 0 }
  /// All tasks share one view.
  public var viewByteCount: Int { 0 }

  /// Everything is fine.
  public func validate(taskCount: Int) throws(DataError) {}

  /// All classes for every task.
  public func classes(of data: DataSet, taskCount: Int, seed: UInt64) -> [[Int]] {
    Array(repeating: Array(0..<data.classCount), count: taskCount)
  }

  /// Its classes say it.
  public func sections(of data: DataSet, taskCount: Int) -> [Int]? { nil }

  /// One view for every task, without a name.
  public func views(
    of data: DataSet, in frame: InputMap.Frame, taskCount: Int, seed: UInt64
  ) -> [TaskView] {
    Array(repeating: TaskView(map: .identity(frame), name: nil), count: taskCount)
  }
}

/// Every kind of stream.
public enum StreamKinds {
  /// In the order in which messages list them.
  public static let all: [any StreamKind.Type] = [
    SplitStream.self, PermutedStream.self, RotatedStream.self, DataSetStream.self,
    QuestionStream.self,
  ]

  /// What `stream.kind` chooses from.
  public static let catalog = Catalog<Chosen<any StreamKind>>(all)
}
