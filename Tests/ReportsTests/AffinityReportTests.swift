import Foundation
import Streams
import Testing

@testable import Reports

@Suite struct `A report of affinities` {
  private func result(
    _ names: [String] = ["0-1", "2-3", "<b>&"], _ values: [[Double]]? = nil, isOrdered: Bool = true
  ) -> AffinityResult {
    let values = values ?? [[1, 0.25, -0.5], [0.25, 1, .nan], [-0.5, 0, 1]]
    return AffinityResult(
      of: ("toy", 7, "name: toy\n"), command: "hebb affinity --set 'a=<&>'", hebb: "0",
      among: isOrdered ? "tasks" : "nodes", names: names,
      sampling: (100, 10, 256, 0.1),
      estimates: ["gram", "lookahead", "probe"].map {
        AffinityResult.Estimate(by: $0, AffinityMatrix(values), isOrdered: isOrdered)
      })
  }

  @Test func `is well-formed, and has each number with its colour`() {
    let page = AffinityPage(result()).html
    #expect(WellFormedness.flaw(in: page) == nil)
    // −1 is the coldest, 1 the hottest, as far as cosines go.
    #expect(page.contains("class=\"h20\"") && page.contains(">0.25<"))
    #expect(page.contains("−0.50") && page.contains("+25.0") && page.contains("not measured"))
    #expect(page.contains("stream.order: [") && !page.contains("<b>&"))
  }

  @Test(arguments: [0, 1, 30]) func `is well-formed for odd sizes too`(count: Int) {
    let names = (0..<count).map { "permutation number \($0)" }
    let values = names.map { _ in names.map { _ in Double.infinity } }
    let page = AffinityPage(result(names, values)).html
    #expect(WellFormedness.flaw(in: page) == nil)
    #expect(!page.contains("nan\"") && !page.contains("inf\""))
  }

  @Test func `tells an order of tasks and none of nodes`() {
    let style = TerminalStyle(hasColor: false, width: 80)
    let tasks = AffinityTable(result()).text(style)
    #expect(tasks.contains("stream.order: [0, 2, 1]") || tasks.contains("stream.order: [1, 2, 0]"))
    #expect(tasks.contains("0.25") && tasks.contains("-50.0"))
    #expect(!AffinityTable(result(isOrdered: false)).text(style).contains("order"))
  }

  @Test func `is JSON with the keys that are promised`() throws {
    let data = try ResultJSON.encode(result(isOrdered: false))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "schema", "name", "seed", "experiment", "command", "hebb", "among", "names", "steps",
        "every", "examples", "rate", "estimates",
      ])
    let estimates = try #require(object["estimates"] as? [[String: Any]])
    #expect(Set(estimates[0].keys) == ["by", "values", "order"] && estimates[0]["order"] is NSNull)
    let rows = try #require(estimates[0]["values"] as? [[Any]])
    #expect(rows[1][2] is NSNull && rows[0][1] as? Double == 0.25)
  }
}
