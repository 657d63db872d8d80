import ArgumentParser

/// What commands with virtual time take.
struct ClockOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "costs, or free: nothing takes virtual time, for runs of which only accuracies and bytes are "
        + "of interest. Short for --set simulation.clock=…",
      valueName: "costs|free"))
  var clock: String?

  @OptionGroup var calibration: CalibrationOptions

  /// The clock as a setting.
  var sets: [String] { clock.map { ["simulation.clock=\($0)"] } ?? [] }

  /// The clock as words of a command line.
  var words: [String] { clock.map { ["--clock", $0] } ?? [] }
}
