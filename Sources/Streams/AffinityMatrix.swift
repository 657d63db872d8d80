/// How much learning one thing helps another, for all pairs of some tasks, or of some nodes.
public struct AffinityMatrix: Sendable, Hashable {
  /// By what is learned (row), by what it is learned for (column): 0 where it neither helps nor
  /// harms, less where it harms. What could not be measured is not a number.
  public let values: [[Double]]

  /// - Parameter values: Square.
  public init(_ values: [[Double]]) {
    precondition(values.allSatisfy { $0.count == values.count }, "the matrix is square")
    self.values = values
  }

  /// The mean of several samples, place by place.
  ///
  /// - Parameter samples: Square, all of one size; at least one.
  public init(meanOf samples: [[[Double]]]) {
    precondition(!samples.isEmpty, "a mean is of something")
    let places = samples[0].indices
    self.init(
      places.map { row in
        places.map { column in
          samples.reduce(0) { $0 + $1[row][column] } / Double(samples.count)
        }
      })
  }

  /// By two things: 1 − the mean of their affinities in both directions; symmetric, 0 with itself.
  /// What could not be measured counts as no affinity.
  public var distances: [[Double]] {
    values.indices.map { one in
      values.indices.map { other in
        guard one != other else { return 0 }
        let affinity = (values[one][other] + values[other][one]) / 2
        return affinity.isFinite ? 1 - affinity : 1
      }
    }
  }

  /// Their 0-based numbers in an order in which those that help each other least are neighbours, as
  /// ``OrderRule/dissimilarNeighbours`` finds it for ``distances``.
  public var order: [Int] {
    OrderRule.dissimilarNeighbours.order(
      of: TaskProfiles(
        accuracies: Array(repeating: 0, count: values.count), distances: distances))
  }
}
