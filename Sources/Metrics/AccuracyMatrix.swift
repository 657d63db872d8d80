/// The matrix R: accuracy on the test set of every task after training every task.
///
/// R has T + 1 rows and T columns. Row 0 is the untrained network; row i is the network after the
/// i-th task. Columns are counted from 0, so that the accuracy on a task just learned is
/// `matrix[afterTask: column + 1, on: column]`.
///
/// The figures derived from it are in extensions; each is `nil` when a cell it needs was not
/// evaluated.
public struct AccuracyMatrix: Sendable, Hashable {
  /// Number of tasks T.
  public let taskCount: Int
  /// (T + 1) × T fractions in `0...1`, `nil` where not evaluated.
  public private(set) var rows: [[Double?]]

  /// A matrix in which nothing was evaluated yet. `taskCount ≥ 0`.
  public init(taskCount: Int) {
    precondition(taskCount >= 0)
    self.taskCount = taskCount
    rows = Array(repeating: Array(repeating: nil, count: taskCount), count: taskCount + 1)
  }

  /// A matrix with the given rows; `nil` unless they are one more than each has columns and all
  /// values lie in `0...1`.
  public init?(rows: [[Double?]]) {
    let taskCount = rows.count - 1
    guard taskCount >= 0, rows.allSatisfy({ $0.count == taskCount }),
      rows.joined().allSatisfy({ $0.map((0...1).contains) ?? true })
    else { return nil }
    self.taskCount = taskCount
    self.rows = rows
  }

  /// The accuracy on the test set of a task, a fraction in `0...1`; `nil` if not evaluated.
  ///
  /// - Parameters:
  ///   - row: Tasks trained so far, `0...taskCount`; 0 is the untrained network.
  ///   - column: The task that is tested, `0..<taskCount`.
  public subscript(afterTask row: Int, on column: Int) -> Double? {
    get { rows[row][column] }
    set {
      precondition(newValue.map((0...1).contains) ?? true, "an accuracy is a fraction in 0...1")
      rows[row][column] = newValue
    }
  }

  /// Replaces a row. `accuracies` has `taskCount` values.
  public mutating func set(row: Int, to accuracies: [Double?]) {
    precondition(accuracies.count == taskCount, "a row has one value per task")
    for (column, accuracy) in accuracies.enumerated() {
      self[afterTask: row, on: column] = accuracy
    }
  }
}

/// Written as the bare list of rows.
extension AccuracyMatrix: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let matrix = AccuracyMatrix(rows: try container.decode([[Double?]].self)) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "An accuracy matrix needs one row more than it has columns, rows of equal "
          + "length, and values from 0 to 1.")
    }
    self = matrix
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rows)
  }
}
