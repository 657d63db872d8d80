import Tensors

/// What can be said of tasks by a look at their training data: how hard each is for the simplest
/// classifier, and how far they are from each other.
///
/// An example is looked at as its task shows it. A task of many examples is judged by at most
/// ``sampleCount``, taken at even distances.
public struct TaskProfiles: Sendable {
  /// By task: the share of its examples, 0…1, whose own class has the nearest mean.
  public let accuracies: [Double]
  /// By two tasks: the distance of their class means, √(Σ_k ‖μ_k − μ'_k‖²) over the places k that
  /// both have; symmetric, 0 with itself.
  public let distances: [[Double]]

  /// Examples of a task that are looked at.
  public static let sampleCount = 1_000

  init(accuracies: [Double], distances: [[Double]]) {
    self.accuracies = accuracies
    self.distances = distances
  }

  /// O(tasks · sample · classes · inputs).
  init(_ tasks: [Task], of data: DataSet, inputCount: Int) {
    let looks = tasks.map { Look($0, data, inputCount: inputCount) }
    accuracies = looks.map(\.accuracy)
    distances = looks.map { one in looks.map { one.distance(to: $0) } }
  }

  /// One task's class means, by its places.
  private struct Look {
    let means: [[Double]]
    let accuracy: Double

    init(_ task: Task, _ data: DataSet, inputCount: Int) {
      let step = max(1, task.trainIndices.count / TaskProfiles.sampleCount)
      let sample = stride(from: 0, to: task.trainIndices.count, by: step)
        .prefix(TaskProfiles.sampleCount).map { task.trainIndices[$0] }
      let places = sample.map { task.place(ofClass: data.train.label($0)) }
      let rows = sample.map { index in
        let row = Vector(uninitialized: inputCount)
        data.train.write(index, through: task.inputs, to: row.base)
        return row
      }
      var sums = [[Double]](
        repeating: Array(repeating: 0, count: inputCount), count: task.classes.count)
      var counts = Array(repeating: 0, count: task.classes.count)
      for (row, place) in zip(rows, places) {
        for index in 0..<inputCount { sums[place][index] += Double(row[index]) }
        counts[place] += 1
      }
      let means = zip(sums, counts).map { sum, count in sum.map { $0 / Double(max(1, count)) } }
      let right = zip(rows, places).count { row, place in
        let distances = means.indices.map { mean -> Double in
          guard counts[mean] > 0 else { return .infinity }
          return (0..<inputCount).reduce(0) {
            let difference = Double(row[$1]) - means[mean][$1]
            return $0 + difference * difference
          }
        }
        return distances.indices.min { distances[$0] < distances[$1] } == place
      }
      self.means = means
      accuracy = rows.isEmpty ? 0 : Double(right) / Double(rows.count)
    }

    func distance(to other: Look) -> Double {
      zip(means, other.means).reduce(0) { total, pair in
        total
          + zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }.squareRoot()
    }
  }
}
