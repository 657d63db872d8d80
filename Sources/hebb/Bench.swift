public import ArgumentParser
public import Benchmarks
import CPlatform
import Launch
import Reports
import Running
import Tensors

/// Measures what speed is promised, side by side with its yardstick in one run.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure speed against bare libzmq, memory bandwidth, entropy and PyTorch.",
    discussion: """
      Every figure is the median of several rounds; the two sides of a ratio take turns. PyTorch is
      measured when --python names an interpreter that has it (scripts/peers/torch_peer.py).
      """)

  @Argument(help: "Parts to measure; all without one.") var parts: [Benchmark] = []
  @Option(help: "Rounds of each measurement.") var rounds = 5
  @Option(help: "A Python interpreter with torch, for the comparison.") var python: String?
  @Flag(help: "Print JSON instead of a table.") var json = false

  func validate() throws {
    if rounds < 1 { throw ValidationError("--rounds is at least 1") }
  }

  func run() throws {
    hebb_keep_big_buffers()
    useOneBLASThread()
    _ = Interruption()
    let screen = Screen(isQuiet: json)
    var (rows, failure): ([BenchRow], (any Error)?) = ([], nil)
    for part in parts.isEmpty ? Benchmark.allCases : parts where failure == nil {
      screen.draw("measuring \(part.rawValue) …\n")
      do {
        rows += try part.rows(rounds: rounds, python: python)
        try Interruption.check()
      } catch {
        failure = error
      }
    }
    // What was measured is told, whatever came after it.
    if !rows.isEmpty || failure == nil {
      try Screen.put(
        json ? try BenchRow.json(rows) + "\n" : BenchRow.table(rows).text(screen.style))
    }
    if let failure { throw failure }
  }
}

extension Benchmark: ExpressibleByArgument {}
