import ArgumentParser
import Benchmarks
import Launch
import Running
import Tensors

/// One trial of the simulator, in a process of its own.
struct SimulatorTrial: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-simulator", shouldDisplay: false)

  @Argument var workers: Int
  @Argument var computing: Int
  @Argument var parent: Int32

  func run() throws {
    guard Parent.dieWith(parent) else { return }
    useOneBLASThread()
    try Screen.put(try SimulatorBench.trial(workers: workers, computing: computing).line + "\n")
  }
}
