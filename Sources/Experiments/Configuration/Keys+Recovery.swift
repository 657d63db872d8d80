import Settings

extension ExperimentFile {
  /// What is done so that a run survives the loss of processes.
  static var recovery: [Key<Experiment>] {
    [
      .count(
        "checkpoint.every-steps", \.cluster.recovery.everySteps, orWord: "none",
        "Save the whole run every so many steps of a worker and at each boundary, so that it can "
          + "go on from there; none: as often as checkpoint.every-seconds says."),
      .limit(
        "checkpoint.every-seconds", \.cluster.recovery.everySeconds, orWord: "none", .positive,
        "Save it about every so many seconds, in a cluster of processes on this machine."),
      .integer(
        "launch.restarts", \.cluster.recovery.restarts, 0...1_000,
        "How many times hebb run starts processes again that died and goes on from what was saved "
          + "last, before it gives up."),
    ]
  }
}
