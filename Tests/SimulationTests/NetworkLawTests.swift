import Models
import Roles
import Settings
import Testing

/// Of every network in the list, whoever adds one.
@Suite struct `Every network` {
  @Test(arguments: [2, 3], Networks.catalog.names)
  func `gives the same bits for any number of servers`(servers: Int, network: String) throws {
    let sets = ["model.kind=\(network)", "method.name=ewc", "method.lambda=10"]
    let one = try SimulatedRun(sets)
    let many = try SimulatedRun(sets + ["cluster.servers=\(servers)"])
    #expect(one.ending == .completed)
    #expect(!one.weights.isEmpty && one.weights == many.weights)
  }

  @Test(arguments: Networks.catalog.names)
  func `learns`(network: String) throws {
    let run = try SimulatedRun([
      "model.kind=\(network)", "method.name=joint", "stream.epochs=30", "stream.scenario=task",
      "optimizer.rate=0.01",
    ])
    #expect((run.record.rows.last?.accuracies[0] ?? 0) > 0.8)
  }
}
