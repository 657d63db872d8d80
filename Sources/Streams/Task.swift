/// One task: which examples, which outputs, and how examples become inputs.
public struct Task: Sendable {
  /// `0-1` by the labels of its classes, `permutation 3`, `40°`.
  public let name: String
  /// The numbers of the data set's classes in it, in the order of their output units.
  public let classes: [Int]
  /// Output unit of its first class; the others follow.
  public let firstUnit: Int
  /// Which examples of the training part, ascending.
  public let trainIndices: [Int]
  /// Which examples of the test part, ascending.
  public let testIndices: [Int]
  public let inputs: InputMap
  /// Output units over which the training loss runs.
  public let active: Range<Int>
  /// Output units among which a test answer is chosen.
  public let evaluationActive: Range<Int>
  /// By class; −1 where the class is not in the task.
  private let units: [Int]

  init(
    name: String, classes: [Int], firstUnit: Int, trainIndices: [Int], testIndices: [Int],
    inputs: InputMap, active: Range<Int>, evaluationActive: Range<Int>
  ) {
    self.name = name
    self.classes = classes
    self.firstUnit = firstUnit
    self.trainIndices = trainIndices
    self.testIndices = testIndices
    self.inputs = inputs
    self.active = active
    self.evaluationActive = evaluationActive
    var units = Array(repeating: -1, count: (classes.max() ?? -1) + 1)
    for (index, label) in classes.enumerated() { units[label] = firstUnit + index }
    self.units = units
  }

  /// The output unit of one of its classes.
  public func unit(ofClass label: Int) -> Int {
    precondition(
      units.indices.contains(label) && units[label] >= 0, "class \(label) is not in task \(name)")
    return units[label]
  }
}
