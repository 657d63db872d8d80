public import ArgumentParser
public import Benchmarks
import CPlatform
import Foundation
import Launch

/// A node of the round-trip measurement, started by it.
struct BenchNode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-node", shouldDisplay: false)

  @Argument var kind: RoundTripNode.Kind
  @Argument var endpoint: String
  @Argument var bind: String
  @Argument var count: Int
  @Argument var steps: Int
  @Option var keys: String?

  func run() throws {
    guard Parent.dieWith(getppid()) else { return }
    hebb_keep_big_buffers()
    try RoundTripNode(
      kind, endpoint: endpoint, bind: bind, count: count, stepCount: steps, keys: keys
    ).run()
  }
}

extension RoundTripNode.Kind: ExpressibleByArgument {}
