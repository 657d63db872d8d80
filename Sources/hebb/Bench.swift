import ArgumentParser
import CPlatform
import Foundation
import Launch
import Reports
import Tensors

/// Measures what speed is promised, side by side with its yardstick in one run.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure speed against bare libzmq, memory bandwidth, entropy and PyTorch.",
    discussion: """
      Every figure is the median of several rounds; the two sides of a ratio take turns. PyTorch is
      measured when --python names an interpreter that has it (scripts/peers/torch_peer.py).
      """)

  /// What can be measured.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case roundtrip, gradient, steps, fisher, update, codecs, simulator
  }

  @Argument(help: "Parts to measure; all without one.") var parts: [Part] = []
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
    for part in parts.isEmpty ? Part.allCases : parts where failure == nil {
      screen.draw("measuring \(part.rawValue) …\n")
      do {
        rows += try measure(part)
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

  private func measure(_ part: Part) throws -> [BenchRow] {
    let peer = python.map { TorchPeer(python: $0) }
    return switch part {
    case .roundtrip: try RoundTripBench(rounds: rounds).rows()
    case .gradient: try GradientBench(rounds: rounds, peer: peer).rows()
    case .steps: try StepsBench(rounds: rounds, peer: peer).rows()
    case .fisher: try FisherBench(rounds: rounds, peer: peer).rows()
    case .update: try UpdateBench(rounds: rounds).rows()
    case .codecs: try CodecBench(rounds: rounds).rows()
    case .simulator: try SimulatorBench(rounds: rounds).rows()
    }
  }
}

/// One measured figure with its yardstick.
struct BenchRow: Encodable {
  let name: String
  /// Median, in `unit`.
  let value: Double
  let unit: String
  /// What it is compared with, in the same unit; absent when it was not measured.
  var yardstick: String?
  var yardstickValue: Double?
  /// As the target is stated.
  var ratio: Double?
  var target: String

  static func json(_ rows: [BenchRow]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(rows), as: UTF8.self)
  }

  /// For people.
  static func table(_ rows: [BenchRow]) -> TextTable {
    let header = ["what", "median", "yardstick", "its median", "ratio", "target"]
    let cells = rows.map { row in
      [
        row.name, "\(figure(row.value)) \(row.unit)",
        row.yardstick ?? (row.target.isEmpty ? "" : "not measured"),
        row.yardstickValue.map { "\(figure($0)) \(row.unit)" } ?? "",
        row.ratio.map { String(format: "%.2f", $0) } ?? "", row.target,
      ]
    }
    return TextTable(header: header, rows: cells, leftColumns: Set(header.indices))
  }

  private static func figure(_ value: Double) -> String {
    value >= 100 ? String(format: "%.0f", value) : String(format: "%.3g", value)
  }
}

/// The middle of some measurements.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2)
    ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// Seconds that something takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let begin = ContinuousClock.now
  try body()
  let elapsed = begin.duration(to: .now).components
  return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
}
