import Models
import Testing

@testable import Roles

@Suite struct `A coordinator's run` {
  @Test func `goes through its phases in whatever order the nodes come to rest`() {
    var story = CoordinatorStory()
    #expect(story.measured(0) == "row at [0, 0]\nserver 0 and server 1: open 0\n[opening 0]")
    #expect(story.says(.server(1), .opened(phase: 0, version: 0)) == "[opening 0]")
    #expect(
      story.says(.server(0), .opened(phase: 0, version: 0))
        == "worker 0 and worker 1: train 0 from [0, 0]\n[training 0]")
    #expect(story.says(.worker(0), .trained(phase: 0, losses: []), steps: 2) == "[training 0]")
    // A server hears of its last worker before the coordinator does.
    #expect(story.says(.server(1), .sealed(phase: 0, version: 2)) == "[training 0]")
    #expect(story.says(.server(1), .consolidated([], closes: 0)) == "[training 0]")
    #expect(story.says(.server(0), .sealed(phase: 0, version: 3)) == "[training 0]")
    #expect(
      story.says(.worker(1), .trained(phase: 0, losses: []), steps: 2) == """
        nobody trains
        worker 0 and worker 1: measure 1 at [3, 2]
        [closing 0]
        """)
    #expect(story.measured(1) == "row at [3, 2]\n[closing 0]")
    #expect(
      story.says(.server(0), .consolidated([], closes: 0))
        == "server 0 and server 1: open 1\n[opening 1]")
  }

  @Test func `is over after its last phase, and all are asked to leave`() {
    var story = CoordinatorStory(stageCount: 1, moment: .never)
    _ = story.measured(0)
    for rank in 0..<2 { _ = story.says(.server(rank), .opened(phase: 0, version: 0)) }
    for rank in 0..<2 { _ = story.says(.worker(rank), .trained(phase: 0, losses: []), steps: 2) }
    for rank in 0..<2 { _ = story.says(.server(rank), .sealed(phase: 0, version: 2)) }
    #expect(story.says(.server(0), .consolidated([], closes: 0)) == "[closing 0]")
    #expect(
      story.says(.server(1), .consolidated([], closes: 0))
        == "server 0 and server 1 and worker 0 and worker 1: leave\n[not running]")
  }

  @Test func `takes the rest of a server before others have begun a phase without training`() {
    var story = CoordinatorStory(stageCount: 1, moment: .never, sequences: [[], []])
    _ = story.measured(0)
    _ = story.says(.server(0), .opened(phase: 0, version: 0))
    #expect(story.says(.server(0), .sealed(phase: 0, version: 0)) == "[opening 0]")
    #expect(story.says(.server(0), .consolidated([], closes: 0)) == "[opening 0]")
    _ = story.says(.server(1), .opened(phase: 0, version: 0))
    _ = story.says(.server(1), .sealed(phase: 0, version: 0))
    _ = story.says(.server(1), .consolidated([], closes: 0))
    _ = story.says(.worker(0), .trained(phase: 0, losses: []))
    #expect(
      story.says(.worker(1), .trained(phase: 0, losses: [])) == """
        nobody trains
        server 0 and server 1 and worker 0 and worker 1: leave
        [not running]
        """)
  }

  /// Until both workers have trained the first phase.
  private func trained() -> CoordinatorStory {
    var story = CoordinatorStory()
    _ = story.measured(0)
    for rank in 0..<2 { _ = story.says(.server(rank), .opened(phase: 0, version: 0)) }
    for rank in 0..<2 { _ = story.says(.worker(rank), .trained(phase: 0, losses: []), steps: 2) }
    return story
  }

  @Test func `tells all servers the largest of the maxima that each has`() {
    var story = trained()
    let maxima = [[[1, 5], [0.5, 0]], [[3, 2], [0.25, -1]]]
    #expect(
      story.says(.server(0), .sealed(phase: 0, version: 2, maxima: maxima[0])) == "[training 0]")
    #expect(
      story.says(.server(1), .sealed(phase: 0, version: 2, maxima: maxima[1])) == """
        server 0 and server 1: scale 0 by [[3.0, 5.0], [0.5, 0.0]]
        worker 0 and worker 1: measure 1 at [2, 2]
        [closing 0]
        """)
  }

  @Test(arguments: [nil, [], [[1]], [[1, 2], []]] as [[[Double]]?])
  func `refuses maxima of another shape than the first server's`(maxima: [[Double]]?) {
    var story = trained()
    _ = story.says(.server(0), .sealed(phase: 0, version: 2, maxima: [[1, 2]]))
    let refusal =
      "refuses: server 1 came to rest out of turn, or otherwise than the others\n[training 0]"
    #expect(
      story.says(.server(1), .sealed(phase: 0, version: 2, maxima: maxima)) == refusal)
    #expect(
      story.says(.server(1), .sealed(phase: 0, version: 2, maxima: [[0, 0]]))
        .hasPrefix("server 0 and server 1: scale 0 by [[1.0, 2.0]]\n"))
  }

  @Test func `refuses what a server says twice or too early`() {
    var story = trained()
    let consolidated =
      "refuses: server 0 consolidated the same twice, or otherwise than the others\n[training 0]"
    #expect(story.says(.server(0), .consolidated([], closes: 0)) == consolidated)
    #expect(story.says(.server(0), .sealed(phase: 0, version: 2)) == "[training 0]")
    #expect(
      story.says(.server(0), .sealed(phase: 0, version: 9))
        == "refuses: server 0 came to rest out of turn, or otherwise than the others\n[training 0]")
    #expect(story.says(.server(0), .consolidated([], closes: 1)) == consolidated)
    let twice = report(stage: 0)
    #expect(
      story.says(.server(0), .consolidated([twice, twice], closes: 0))
        == "refuses: server 0 consolidated the same twice in one message\n[training 0]")
    #expect(story.says(.server(0), .consolidated([twice], closes: 0)) == "[training 0]")
    #expect(story.says(.server(0), .consolidated([], closes: 0)) == consolidated)
  }

  /// What both workers state is added in the order of the workers, whoever comes first; the fit
  /// goes along with the boundary's measurement, before which nothing goes on.
  @Test func `asks what a readout is to know before a boundary is measured`() {
    var story = CoordinatorStory(readout: NearestMean())
    #expect(story.measured(0) == "row at [0, 0]\nserver 0 and server 1: open 0\n[opening 0]")
    for rank in 0..<2 { _ = story.says(.server(rank), .opened(phase: 0, version: 0)) }
    for rank in 0..<2 { _ = story.says(.server(rank), .sealed(phase: 0, version: 2)) }
    _ = story.says(.worker(0), .trained(phase: 0, losses: []), steps: 2)
    #expect(
      story.says(.worker(1), .trained(phase: 0, losses: []), steps: 2) == """
        nobody trains
        worker 0 and worker 1: state after 0 1 at [2, 2]
        [closing 0]
        """)
    for rank in 0..<2 {
      #expect(story.says(.server(rank), .consolidated([], closes: 0)) == "[closing 0]")
    }
    let (one, other) = (
      StatementRecord(key: 3, values: [1, 0, 1]), StatementRecord(key: 3, values: [1, 1, 0])
    )
    #expect(
      story.says(.worker(1), .stated(id: 0, [other])).contains("stated what it was not asked for"))
    #expect(story.says(.worker(1), .stated(id: 1, [other])) == "[closing 0]")
    #expect(
      story.says(.worker(1), .stated(id: 1, [other])).contains("stated what it was not asked for"))
    #expect(
      story.says(.server(0), .stated(id: 1, [other])).contains("stated what no readout of this run")
    )
    let half = Float(0.5).squareRoot()
    #expect(
      story.says(.worker(0), .stated(id: 1, [one])) == """
        worker 0 and worker 1: measure 2 at [2, 2] with [3.0, \(half), \(half)]
        [closing 0]
        """)
    #expect(
      story.measured(2) == "row at [2, 2]\nserver 0 and server 1: open 1\n[opening 1]")
  }

  @Test func `of a method without a readout takes no statement`() {
    var story = CoordinatorStory()
    #expect(
      story.says(.worker(0), .stated(id: 0, [])).contains("stated what no readout of this run"))
  }
}
