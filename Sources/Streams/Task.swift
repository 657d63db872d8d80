/// One task: which examples, which outputs, and how examples become inputs.
public struct Task: Sendable {
  /// `0-1` by the labels of its classes, `permutation 3`, `40°`.
  public let name: String
  /// The numbers of the data set's classes in it.
  public let classes: [Int]
  /// The output unit of each of them; in order, unless it shares some with other tasks.
  public let units: [Int]
  /// Which examples of the training part, ascending.
  public let trainIndices: [Int]
  /// Which examples of the test part, ascending.
  public let testIndices: [Int]
  public let inputs: InputMap
  /// Output units over which the training loss runs.
  public let active: Range<Int>
  /// Output units among which a test answer is chosen.
  public let evaluationActive: Range<Int>
  /// By class: its place among the task's; −1 where it is not in the task.
  private let places: [Int]

  init(
    name: String, classes: [Int], units: [Int], trainIndices: [Int], testIndices: [Int],
    inputs: InputMap, active: Range<Int>, evaluationActive: Range<Int>
  ) {
    self.name = name
    self.classes = classes
    self.units = units
    self.trainIndices = trainIndices
    self.testIndices = testIndices
    self.inputs = inputs
    self.active = active
    self.evaluationActive = evaluationActive
    var places = Array(repeating: -1, count: (classes.max() ?? -1) + 1)
    for (index, label) in classes.enumerated() { places[label] = index }
    self.places = places
  }

  /// The output unit of one of its classes.
  public func unit(ofClass label: Int) -> Int { units[place(ofClass: label)] }

  /// Which of its classes a class is.
  public func place(ofClass label: Int) -> Int {
    precondition(
      places.indices.contains(label) && places[label] >= 0,
      "class \(label) is not in task \(name)")
    return places[label]
  }
}
