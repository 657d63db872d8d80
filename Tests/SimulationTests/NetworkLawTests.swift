import Models
import Roles
import Settings
import Streams
import Testing

/// Of every network in the list, whoever adds one.
@Suite struct `Every network` {
  /// What a network is tried with: images, or questions for one that reads.
  private func run(_ network: String, _ sets: [String]) throws -> SimulatedRun {
    let isReader = Networks.all.contains { $0.name == network && $0.init().readsText }
    let kinds =
      ["model.kind=\(network)"]
      + (isReader ? ["stream.kind=questions", "stream.scenario=class"] : [])
    return try SimulatedRun(
      kinds + sets,
      data: isReader ? Stories.dataSet(trainPerSection: 60, testPerSection: 20) : nil)
  }

  @Test(arguments: [2, 3], Networks.catalog.names)
  func `gives the same bits for any number of servers`(servers: Int, network: String) throws {
    let sets = ["method.name=ewc", "method.lambda=10"]
    let one = try run(network, sets)
    let many = try run(network, sets + ["cluster.servers=\(servers)"])
    #expect(one.ending == .completed)
    #expect(!one.weights.isEmpty && one.weights == many.weights)
  }

  @Test(arguments: Networks.catalog.names)
  func `learns`(network: String) throws {
    let run = try run(
      network,
      [
        "method.name=joint", "stream.epochs=30", "stream.scenario=task", "optimizer.rate=0.01",
      ])
    #expect((run.record.rows.last?.accuracies[0] ?? 0) > 0.8)
  }
}
