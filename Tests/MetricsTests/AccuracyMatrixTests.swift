import Foundation
import Testing

@testable import Metrics

/// Three tasks; the best accuracy on the first is reached after the second, and the second task is
/// better known before it is learned than after.
private let three = AccuracyMatrix(rows: [
  [0.10, 0.20, 0.30],
  [0.90, 0.85, 0.20],
  [0.92, 0.80, 0.40],
  [0.60, 0.50, 0.95],
])!

private func expect(
  _ value: Double?, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let value = try #require(value, sourceLocation: sourceLocation)
  #expect(abs(value - expected) < 1e-12, sourceLocation: sourceLocation)
}

@Suite struct `Accuracy matrix` {
  @Test func `average accuracy is the mean of the last row`() throws {
    try expect(three.averageAccuracy, (0.60 + 0.50 + 0.95) / 3)
    #expect(three.accuracy == three.averageAccuracy)
  }

  @Test func `learning accuracy is the mean of the diagonal`() throws {
    try expect(three.learningAccuracy, (0.90 + 0.80 + 0.95) / 3)
  }

  @Test func `backward transfer of three tasks divides by two`() throws {
    try expect(three.backwardTransfer, (-0.30 - 0.30) / 2)
  }

  @Test func `backward transfer over T of three tasks divides by three`() throws {
    try expect(three.backwardTransferOverT, (-0.30 - 0.30) / 3)
  }

  @Test func `forward transfer of three tasks divides by two`() throws {
    try expect(three.forwardTransfer, ((0.85 - 0.20) + (0.40 - 0.30)) / 2)
  }

  @Test func `forward transfer over T of three tasks divides by three`() throws {
    try expect(three.forwardTransferOverT, ((0.85 - 0.20) + (0.40 - 0.30)) / 3)
  }

  @Test func `forgetting of three tasks seeks the best from the diagonal on and divides by two`()
    throws
  {
    try expect(three.forgetting, ((0.92 - 0.60) + (0.80 - 0.50)) / 2)
    #expect(three.forgettingByTask.count == 2)
    try expect(three.forgettingByTask[0], 0.92 - 0.60)
    try expect(three.forgettingByTask[1], 0.80 - 0.50)
  }

  @Test func `forgetting from any earlier row seeks above the diagonal too, but not in row zero`()
    throws
  {
    try expect(three.forgettingFromAnyEarlierRow, ((0.92 - 0.60) + (0.85 - 0.50)) / 2)
    var brilliantGuesser = three
    brilliantGuesser[afterTask: 0, on: 0] = 1
    #expect(brilliantGuesser.forgettingFromAnyEarlierRow == three.forgettingFromAnyEarlierRow)
  }

  @Test func `forgetting leaves out the last row and is negative where the last task helped`()
    throws
  {
    let helped = try #require(AccuracyMatrix(rows: [[0.5, 0.5], [0.7, 0.5], [0.8, 0.9]]))
    try expect(helped.forgetting, 0.7 - 0.8)
    try expect(helped.backwardTransfer, 0.8 - 0.7)
  }

  @Test func `intransigence of three tasks is the joint run minus the diagonal, divided by three`()
    throws
  {
    var joint = AccuracyMatrix(taskCount: 3)
    joint.set(row: 3, to: [0.97, 0.90, 0.96])
    try expect(three.intransigence(joint: joint), (0.07 + 0.10 + 0.01) / 3)
    #expect(three.intransigence(joint: AccuracyMatrix(taskCount: 3)) == nil)
    #expect(three.intransigence(joint: AccuracyMatrix(taskCount: 2)) == nil)
  }

  @Test func `two tasks by hand`() throws {
    let two = try #require(AccuracyMatrix(rows: [[0.5, 0.4], [1.0, 0.6], [0.75, 0.9]]))
    try expect(two.averageAccuracy, 0.825)
    try expect(two.learningAccuracy, 0.95)
    try expect(two.backwardTransfer, -0.25)
    try expect(two.backwardTransferOverT, -0.125)
    try expect(two.forwardTransfer, 0.2)
    try expect(two.forwardTransferOverT, 0.1)
    try expect(two.forgetting, 0.25)
    try expect(two.forgettingFromAnyEarlierRow, 0.25)
  }

  @Test func `one task has accuracies but neither transfer nor forgetting`() throws {
    let one = try #require(AccuracyMatrix(rows: [[0.5], [0.9]]))
    try expect(one.averageAccuracy, 0.9)
    try expect(one.learningAccuracy, 0.9)
    for figure in AccuracyFigure.allCases
    where figure != .averageAccuracy && figure != .learningAccuracy {
      #expect(one[figure] == nil)
    }
    #expect(one.forgettingByTask.isEmpty)
  }

  @Test func `no tasks give no figures`() {
    let none = AccuracyMatrix(taskCount: 0)
    #expect(AccuracyFigure.allCases.allSatisfy { none[$0] == nil })
  }

  /// The cells (row, column) each figure is made of, for three tasks.
  @Test(arguments: [
    (AccuracyFigure.averageAccuracy, [[3, 0], [3, 1], [3, 2]]),
    (.learningAccuracy, [[1, 0], [2, 1], [3, 2]]),
    (.backwardTransfer, [[3, 0], [3, 1], [1, 0], [2, 1]]),
    (.backwardTransferOverT, [[3, 0], [3, 1], [1, 0], [2, 1]]),
    (.forwardTransfer, [[1, 1], [2, 2], [0, 1], [0, 2]]),
    (.forwardTransferOverT, [[1, 1], [2, 2], [0, 1], [0, 2]]),
    (.forgetting, [[1, 0], [2, 0], [3, 0], [2, 1], [3, 1]]),
    (.forgettingFromAnyEarlierRow, [[1, 0], [2, 0], [3, 0], [1, 1], [2, 1], [3, 1]]),
  ])
  func `a figure is unknown exactly when a cell it needs is`(
    figure: AccuracyFigure, needs: [[Int]]
  ) {
    for row in 0...3 {
      for column in 0..<3 {
        var holed = three
        holed[afterTask: row, on: column] = nil
        let expected = needs.contains([row, column]) ? nil : three[figure]
        #expect(holed[figure] == expected, "without R[\(row), \(column)]")
      }
    }
  }

  @Test func `every figure has a name and a formula of its own`() {
    let figures = AccuracyFigure.allCases
    #expect(Set(figures.map(\.rawValue)).count == figures.count)
    #expect(Set(figures.map(\.definition)).count == figures.count)
  }

  @Test func `is written as rows with nulls and read back`() throws {
    var matrix = AccuracyMatrix(taskCount: 2)
    matrix[afterTask: 1, on: 0] = 0.5
    let data = try JSONEncoder().encode(matrix)
    #expect(String(decoding: data, as: UTF8.self) == "[[null,null],[0.5,null],[null,null]]")
    #expect(try JSONDecoder().decode(AccuracyMatrix.self, from: data) == matrix)
  }

  @Test(arguments: ["[]", "[[0.5]]", "[[0.1],[0.2,0.3]]", "[[0.5],[1.5]]", "[[0.5],[-0.1]]"])
  func `refuses rows that are no matrix of fractions`(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(AccuracyMatrix.self, from: Data(text.utf8))
    }
  }
}
