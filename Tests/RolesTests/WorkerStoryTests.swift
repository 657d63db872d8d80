import Tensors
import Testing

@testable import Roles

/// What an evaluation finds of three examples of two classes.
private let tested = OrderResult.evaluated(correct: [1, 1], totals: [2, 1])

private func request(
  _ id: Int, _ weights: WeightsRequest, versions: [UInt64], importance position: Int? = nil
) -> Control {
  .measure(
    MeasureRequest(
      id: id, weights: weights, versions: versions, columns: [0], importanceOfPosition: position))
}

private func sums(_ values: Float...) -> OrderResult {
  .importance(values.map { .here(Vector(repeating: $0, count: 6).view) })
}

@Suite struct `A worker's life` {
  @Test func `from the first look to the farewell`() {
    var story = WorkerStory(importance: .workers)
    #expect(
      story.told(request(0, .atRest, versions: [0, 0])) == """
        server 0: inspect at rest
        server 1: inspect at rest
        [pulling to measure 0]
        """)
    #expect(story.answered(4, 3, version: 0, to: .atRest, .inspected) == "[pulling to measure 0]")
    #expect(story.answered(0, 1, version: 0, to: .atRest, .inspected) == "[pulling to measure 0]")
    #expect(
      story.answered(2, 2, version: 0, to: .atRest, .inspected) == """
        orders evaluation 0..<3 at [1.0, 2.0, 3.0]
        [measuring]
        """)
    #expect(
      story.done(tested) == """
        coordinator: measured 0: [[1, 1]] of [[2, 1]]
        [ready]
        """)
    // It trains on from the weights that it has looked at.
    #expect(
      story.told(.train(phase: 0, versions: [0, 0])) == """
        orders gradient 0 at [1.0, 2.0, 3.0]
        [computing 0..<1]
        """)
    #expect(
      story.doneGradient(8) == """
        server 0: push 0..<2 [8.0, 8.0] of version 0, round trip 1
        server 0: push 2..<4 [8.0, 8.0] of version 0, round trip 1
        server 1: push 4..<6 [8.0, 8.0] of version 0, round trip 1
        [pushing]
        """)
    #expect(
      story.answered(all: 5, version: 1, clock: 1) == """
        orders gradient 1 at [5.0, 5.0, 5.0]
        [computing 1..<2]
        """)
    _ = story.doneGradient(8)
    #expect(
      story.answered(all: 6, version: 2, clock: 2) == """
        server 0: retire
        server 1: retire
        coordinator: trained 0, losses [0.5, 0.5]
        [ready]
        """)
    #expect(
      story.told(request(1, .atRest, versions: [2, 2], importance: 0)) == """
        orders evaluation 0..<3 at [6.0, 6.0, 6.0]
        [measuring]
        """)
    #expect(
      story.done(tested) == """
        orders importance 0..<1 of 1 at [6.0, 6.0, 6.0]
        [measuring]
        """)
    #expect(
      story.done(sums(9)) == """
        server 0: importance 0..<2 [9.0, 9.0] of version 2, round trip 2
        server 0: importance 2..<4 [9.0, 9.0] of version 2, round trip 2
        server 1: importance 4..<6 [9.0, 9.0] of version 2, round trip 2
        coordinator: measured 1: [[1, 1]] of [[2, 1]]
        [ready]
        """)
    #expect(
      story.told(.leave) == """
        coordinator: goodbye after 2 steps
        [parting]
        """)
  }

  @Test func `with an anchor at the end of each of its own stages`() {
    let taskSchedule = TaskSchedule(
      sequences: [[0, 1]], startSteps: [0], moment: .workerBoundary)
    var story = WorkerStory(
      importance: .workers, taskSchedule: taskSchedule, stepCounts: [1, 1])
    #expect(
      story.told(.train(phase: 0, versions: [0, 0])) == """
        server 0: pull current
        server 1: pull current
        [pulling to train]
        """)
    _ = story.answered(all: 1, version: 0, to: .current)
    _ = story.doneGradient(8)
    #expect(
      story.answered(all: 2, version: 1, clock: 1) == """
        server 0: anchor kept at the end of 0
        server 1: anchor kept at the end of 0
        [anchoring]
        """)
    // Others have pushed meanwhile.
    let kept = WeightsRequest.kept(.boundary(worker: 0, position: 0))
    #expect(
      story.answered(all: 3, version: 4, to: kept) == """
        orders importance 0..<1 of 1 at [3.0, 3.0, 3.0]
        [measuring]
        """)
    #expect(
      story.done(sums(9)) == """
        server 0: importance 0..<2 [9.0, 9.0] of version 4, round trip 1
        server 0: importance 2..<4 [9.0, 9.0] of version 4, round trip 1
        server 1: importance 4..<6 [9.0, 9.0] of version 4, round trip 1
        coordinator: finished 0 at [4, 4]
        orders gradient 0 at [3.0, 3.0, 3.0]
        [computing 0..<1]
        """)
    // What is asked for meanwhile waits; the anchor is still at hand.
    #expect(story.told(request(7, kept, versions: [4, 4])) == "[computing 0..<1]")
    _ = story.doneGradient(8)
    #expect(
      story.answered(all: 5, version: 5, clock: 2) == """
        orders evaluation 0..<3 at [3.0, 3.0, 3.0]
        [measuring]
        """)
  }

  @Test func `with a penalty that it is told of before the second stage`() {
    var story = WorkerStory(
      importance: .workers, stepCounts: [1, 1], broadcast: [.curvature, .centre])
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    #expect(
      story.answered(all: 1, version: 0, to: .current) == """
        orders gradient 0 at [1.0, 1.0, 1.0]
        [computing 0..<1]
        """)
    _ = story.doneGradient(8)
    _ = story.answered(all: 2, version: 1, clock: 1)
    let question = """
      server 0: pull the penalty
      server 1: pull the penalty
      [listening for 6]
      """
    #expect(story.told(.train(phase: 1, versions: [1, 1])) == question)
    for (kind, rest) in [(Message.Kind.curvature, 3), (.centre, 0)] {
      for (start, others) in [(0, 2), (2, 1), (4, 0)] {
        let state = story.answered(start, 7, version: 1, to: .penalty, kind)
        let wanted =
          rest + others > 0
          ? "[listening for \(rest + others)]"
          : "orders gradient 0 at [2.0, 2.0, 2.0] with the penalty\n[computing 0..<1]"
        #expect(state == wanted)
      }
    }
  }

  /// Shoham et al. 2019: what a worker says of itself goes before every push.
  @Test func `with importances that are exchanged`() {
    var story = WorkerStory(importance: .exchange, localSteps: 2)
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    #expect(
      story.answered(all: 1, version: 0, to: .current) == """
        orders steps 0..<2 at [1.0, 1.0, 1.0]
        [computing 0..<2]
        """)
    #expect(
      story.done(
        .displacement(
          Vector(repeating: 4, count: 6), to: Vector(repeating: 2, count: 6), exampleCount: 8,
          loss: 0.5)) == """
          orders importance 0..<1 of 1 at [2.0]
          [measuring]
          """)
    #expect(
      story.done(sums(9)) == """
        server 0: importance 0..<2 [9.0, 9.0] of version 0, round trip 0
        server 0: importance 2..<4 [9.0, 9.0] of version 0, round trip 0
        server 1: importance 4..<6 [9.0, 9.0] of version 0, round trip 0
        server 0: centre 0..<2 [2.0, 2.0] of version 0, round trip 0
        server 0: centre 2..<4 [2.0, 2.0] of version 0, round trip 0
        server 1: centre 4..<6 [2.0, 2.0] of version 0, round trip 0
        server 0: push 0..<2 [4.0, 4.0] of version 0, round trip 1
        server 0: push 2..<4 [4.0, 4.0] of version 0, round trip 1
        server 1: push 4..<6 [4.0, 4.0] of version 0, round trip 1
        [pushing]
        """)
  }

  @Test func `with an importance of two vectors, summed over slices`() {
    var story = WorkerStory(
      importance: .workers, importanceExampleCount: 200, importancePartCount: 2)
    let look = request(0, .atRest, versions: [0, 0], importance: 0)
    // What the run needs is not only inspected.
    #expect(story.told(look).hasPrefix("server 0: pull at rest\n"))
    _ = story.answered(all: 1, version: 0, to: .atRest)
    #expect(
      story.done(tested) == """
        orders importance 0..<128 of 200 at [1.0, 1.0, 1.0]
        [measuring]
        """)
    #expect(
      story.done(.importance(nil)) == """
        orders importance 128..<200 of 200 at [1.0, 1.0, 1.0]
        [measuring]
        """)
    #expect(
      story.done(sums(3, 4)) == """
        server 0: importance 0..<2 [3.0, 3.0] of version 0, round trip 0
        server 0: importance 2..<4 [3.0, 3.0] of version 0, round trip 0
        server 1: importance 4..<6 [3.0, 3.0] of version 0, round trip 0
        server 0: importance part 1 0..<2 [4.0, 4.0] of version 0, round trip 0
        server 0: importance part 1 2..<4 [4.0, 4.0] of version 0, round trip 0
        server 1: importance part 1 4..<6 [4.0, 4.0] of version 0, round trip 0
        coordinator: measured 0: [[1, 1]] of [[2, 1]]
        [ready]
        """)
  }

  @Test func `without examples of a stage has an importance of nothing`() {
    var story = WorkerStory(importance: .workers, importanceExampleCount: 0)
    _ = story.told(request(0, .atRest, versions: [0, 0], importance: 0))
    _ = story.answered(all: 1, version: 0, to: .atRest)
    #expect(
      story.done(tested) == """
        server 0: importance 0..<2 [0.0, 0.0] of version 0, round trip 0
        server 0: importance 2..<4 [0.0, 0.0] of version 0, round trip 0
        server 1: importance 4..<6 [0.0, 0.0] of version 0, round trip 0
        coordinator: measured 0: [[1, 1]] of [[2, 1]]
        [ready]
        """)
  }

  @Test func `ends where a gradient is no number`() {
    var story = WorkerStory()
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    _ = story.answered(all: 1, version: 0, to: .current)
    let end = story.doneGradient(.nan)
    #expect(end.hasPrefix("coordinator: failed, notFinite: worker 0 computed a gradient that is"))
    #expect(end.contains("in stage 1, step 1; lower optimizer.rate") && end.hasSuffix("[parting]"))
  }

  @Test(arguments: [
    OrderResult.importance(nil), .importance([]), sums(1, 2), tested,
    .importance([.here(Vector(count: 5).view)]), .total(Vector(count: 6)),
    .gradient(.here(Vector(count: 6).view), exampleCount: 1, loss: 1),
  ])
  func `ends where a result is not that of its order`(result: OrderResult) {
    var story = WorkerStory(importance: .workers)
    _ = story.told(request(0, .atRest, versions: [0, 0], importance: 0))
    _ = story.answered(all: 1, version: 0, to: .atRest)
    #expect(story.done(tested).hasSuffix("[measuring]"))
    #expect(
      story.done(result) == """
        coordinator: failed, violation: worker 0 was given the result of work it had not ordered
        [parting]
        """)
  }
}
