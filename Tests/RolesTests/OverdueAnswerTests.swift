import Tensors
import Testing

@testable import Roles

/// Answers that are late, come twice or not at all, or are those of questions before.
@Suite struct `A worker whose answer is overdue` {
  private let push = """
    server 0: push 0..<2 [8.0, 8.0] of version 0, round trip 1
    server 0: push 2..<4 [8.0, 8.0] of version 0, round trip 1
    server 1: push 4..<6 [8.0, 8.0] of version 0, round trip 1
    """
  private let probes = """
    server 0: probe
    server 1: probe
    """

  /// Has pushed its first gradient.
  private func pushing() -> WorkerStory {
    var story = WorkerStory()
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    _ = story.answered(all: 1, version: 0, to: .current)
    _ = story.doneGradient(8)
    return story
  }

  @Test func `pushes the same once more, and goes on with the first answer`() {
    var story = pushing()
    #expect(story.wait(seconds: 4) == "[pushing]")
    #expect(story.wait(seconds: 1) == "\(push)\n\(probes)\n[pushing]")
    #expect(story.wait(seconds: 4).hasSuffix("[pushing]"))
    #expect(
      story.answered(all: 5, version: 1, clock: 1) == """
        orders gradient 1 at [5.0, 5.0, 5.0]
        [computing 1..<2]
        """)
    // The answer to the repetition.
    #expect(story.answered(all: 6, version: 1, clock: 1) == "[computing 1..<2]")
    #expect(
      story.doneGradient(9).hasPrefix(
        "server 0: push 0..<2 [9.0, 9.0] of version 1, round trip 2\n"))
    // Nor is it the answer to the next push.
    #expect(story.answered(all: 6, version: 1, clock: 1) == "[pushing]")
    #expect(story.answered(all: 7, version: 2, clock: 2).hasSuffix("[ready]"))
  }

  @Test func `takes of two answers the later one, whole`() {
    var story = pushing()
    _ = story.answered(0, 5, version: 1, clock: 1)
    _ = story.answered(4, 5, version: 1, clock: 1)
    _ = story.wait(seconds: 5)
    // The second answer overtakes what is left of the first.
    #expect(story.answered(0, 6, version: 2, clock: 1) == "[pushing]")
    #expect(story.answered(2, 5, version: 1, clock: 1) == "[pushing]")
    #expect(
      story.answered(2, 7, version: 2, clock: 1) == """
        orders gradient 1 at [6.0, 7.0, 5.0]
        [computing 1..<2]
        """)
    #expect(
      story.doneGradient(9) == """
        server 0: push 0..<2 [9.0, 9.0] of version 2, round trip 2
        server 0: push 2..<4 [9.0, 9.0] of version 2, round trip 2
        server 1: push 4..<6 [9.0, 9.0] of version 1, round trip 2
        [pushing]
        """)
  }

  @Test func `gives up on a server that never says a word, not on one that does`() {
    var story = pushing()
    _ = story.wait(seconds: 5)
    story.probed(0)
    #expect(
      story.wait(seconds: 5) == """
        \(push)
        worker 0 has no answer from server 1 at tcp://b:2; gives up in 25 s
        \(probes)
        [pushing]
        """)
    for _ in 0..<4 {
      story.probed(0)
      #expect(story.wait(seconds: 5).hasSuffix("[pushing]"))
    }
    story.probed(0)
    let end = story.wait(seconds: 5)
    #expect(end.hasPrefix("coordinator: failed, lostNode: worker 0 had no answer from server 1 at"))
    #expect(end.hasSuffix("[parting]"))
  }

  @Test func `asks for weights again, for an anchor and for the penalty`() {
    var story = WorkerStory(
      importance: .workers,
      taskSchedule: TaskSchedule(
        sequences: [[0]], startSteps: [0], moment: .workerBoundary), stepCounts: [1])
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    #expect(
      story.wait(seconds: 5) == """
        server 0: pull current
        server 1: pull current
        \(probes)
        [pulling to train]
        """)
    _ = story.answered(all: 1, version: 0, to: .current)
    _ = story.doneGradient(8)
    _ = story.answered(all: 2, version: 1, clock: 1)
    #expect(
      story.wait(seconds: 5) == """
        server 0: anchor kept at the end of 0
        server 1: anchor kept at the end of 0
        \(probes)
        [anchoring]
        """)
    // The answer to a pull is none to this.
    #expect(story.answered(all: 9, version: 3, to: .current) == "[anchoring]")

    story = WorkerStory(importance: .workers, stepCounts: [1, 1], broadcast: [.curvature])
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    _ = story.answered(all: 1, version: 0, to: .current)
    _ = story.doneGradient(8)
    _ = story.answered(all: 2, version: 1, clock: 1)
    _ = story.told(.train(phase: 1, versions: [1, 1]))
    #expect(story.answered(0, 7, version: 1, to: .penalty, .curvature) == "[listening for 2]")
    #expect(
      story.wait(seconds: 5) == """
        server 0: pull the penalty
        server 1: pull the penalty
        \(probes)
        [listening for 2]
        """)
    _ = story.answered(2, 7, version: 1, to: .penalty, .curvature)
    #expect(
      story.answered(4, 7, version: 1, to: .penalty, .curvature) == """
        orders gradient 0 at [2.0, 2.0, 2.0]
        [computing 0..<1]
        """)
    // The second answer says nothing more.
    #expect(story.answered(0, 9, version: 1, to: .penalty, .curvature) == "[computing 0..<1]")
  }

  /// One that joins later waits for its time; a measurement comes between.
  @Test func `measures while it waits for its time, and asks again`() {
    var story = WorkerStory(
      taskSchedule: TaskSchedule(sequences: [[0]], startSteps: [10], moment: .globalBoundary))
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    let sample = WeightsRequest.kept(.sample(phase: 0, step: 4))
    let look = MeasureRequest(
      id: 3, weights: sample, versions: [4, 4], columns: [0], importanceOfPosition: nil)
    #expect(
      story.told(.measure(look)) == """
        server 0: inspect sampled in 0 after 4
        server 1: inspect sampled in 0 after 4
        [pulling to measure 3]
        """)
    // The weights to train on come after all, and too early.
    #expect(story.answered(all: 2, version: 10, to: .current) == "[pulling to measure 3]")
    #expect(
      story.answered(all: 1, version: 4, to: sample, .inspected) == """
        orders evaluation 0..<3 at [1.0, 1.0, 1.0]
        [measuring]
        """)
    #expect(
      story.done(.evaluated(correct: [0, 0], totals: [2, 1])) == """
        coordinator: measured 3: [[0, 0]] of [[2, 1]]
        server 0: pull current
        server 1: pull current
        [pulling to train]
        """)
    #expect(
      story.answered(all: 2, version: 10, to: .current) == """
        orders gradient 0 at [2.0, 2.0, 2.0]
        [computing 0..<1]
        """)
  }

  @Test func `will not measure other versions than were announced`() {
    var story = WorkerStory()
    let look = MeasureRequest(
      id: 3, weights: .atRest, versions: [4, 4], columns: [0], importanceOfPosition: nil)
    _ = story.told(.measure(look))
    #expect(
      story.answered(all: 1, version: 5, to: .atRest, .inspected) == """
        coordinator: failed, violation: worker 0 was sent versions [5, 5] where [4, 4] were announced
        [parting]
        """)
  }
}
