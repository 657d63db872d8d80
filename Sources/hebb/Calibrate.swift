import ArgumentParser
import CPlatform
import Experiments
import Foundation
import Launch
import Reports
import Streams
import Tensors
import Running

/// What the simulator's costs stand for.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure on this machine what an experiment's work and messages cost.",
    discussion: """
      `hebb simulate` and `hebb study` look up what it has measured wherever a cost is `calibrated`;
      what they do not find they measure briefly themselves. An entry holds for a model, a worker's
      share of the batch and a transport. It takes about half a minute, during which the machine
      should have nothing else to do. What codecs do to a vector has no cost on the simulator's
      clock, only the bytes that they leave.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var calibration: CalibrationOptions

  @Flag(help: "Also run the experiment, as a cluster and in the simulator, and compare.")
  var check = false

  func run() throws {
    hebb_keep_big_buffers()
    useOneBLASThread()
    _ = Interruption()
    let screen = Screen(isQuiet: false)
    let experiment = try options.experiment()
    let data = try DataSource.load(experiment, folder: options.input.dataFolder)
    let workload = try Workload(experiment, data: data)
    let costs = try Calibrator(experiment, data: data, dataFolder: options.input.dataFolder)
      .measure()
    let file = calibration.file
    var known = try file.read()
    known.enter(costs, for: workload)
    try file.write(known)
    screen.write("\(workload.name)\n\(costs.table)\ncalibration: \(file.path)\n")
    guard check else { return }
    var rows: [CalibrationCheck.Row] = []
    defer { if !rows.isEmpty { screen.write(CalibrationCheck.table(rows).text(screen.style)) } }
    try CalibrationCheck(
      experiment: experiment, data: data, dataFolder: options.input.dataFolder
    ).run(costs, workload) { rows.append($0) }
  }
}

extension MeasuredCosts {
  /// For people.
  fileprivate var table: String {
    let rows = [
      ("gradient step", stepMilliseconds, "ms"),
      ("local step", localStepMilliseconds, "ms"),
      ("evaluation", evaluationMicrosecondsPerExample, "µs/example"),
      ("importance", importanceMicrosecondsPerExample, "µs/example"),
      ("server, pushed bytes", serverNanosecondsPerByte, "ns/byte"),
      ("message, each end", messageMicroseconds, "µs"),
      ("moving bytes, each end", megabytesPerSecond, "MB/s"),
      ("latency", latencyMilliseconds, "ms"),
      ("processors", Double(cores), ""),
    ]
    return rows.map { name, value, unit in
      let figure = value == 0 && unit == "µs/example" ? "–" : "\(Figures.short(value)) \(unit)"
      return "  " + name.padding(toLength: 24, withPad: " ", startingAt: 0) + figure
    }.joined(separator: "\n")
  }
}
