import Roles
import Settings

/// The simulator's clock, and how long nodes wait.
extension ExperimentFile {
  static var clocks: [FilePart] {
    (work + disturbances + links + timeouts).map { .key($0) }
  }

  /// The word for a cost that is looked up.
  static let calibrated = "calibrated"

  private static var work: [Key<Experiment>] {
    [
      .choice(
        "simulation.clock", \.simulation.clock,
        "Work and messages take the virtual time that the costs below say, or nothing takes any, "
          + "for runs of which only accuracies and bytes are of interest: same weights, but only "
          + "where they do not depend on who is when (bsp without drop, local)."),
      .limit(
        "simulation.step-milliseconds", \.simulation.stepMilliseconds, orWord: calibrated, .cost,
        "Virtual time of a gradient. Here and below calibrated is what has been measured on this "
          + "machine, by hebb calibrate or briefly when it is needed first; a number is as good as "
          + "whoever gives it."),
      .limit(
        "simulation.slice-milliseconds", \.simulation.sliceMilliseconds, orWord: calibrated, .cost,
        "Virtual time of a slice of evaluation."),
      .limit(
        "simulation.importance-milliseconds", \.simulation.importanceMilliseconds,
        orWord: calibrated, .cost,
        "Virtual time of a slice of importance."),
    ]
  }

  private static var disturbances: [Key<Experiment>] {
    [
      .number(
        "simulation.straggler-share", \.simulation.stragglerShare, .fraction,
        "Share of steps, drawn by seed, that take longer ..."),
      .number(
        "simulation.straggler-factor", \.simulation.stragglerFactor, NumberRange(1e-6...1e6),
        "... by this factor."),
      pauses,
    ]
  }

  private static var pauses: Key<Experiment> {
    let what = "a list of [worker, second, length]"
    return Key(
      "simulation.pauses",
      "A list of [worker, second, length in seconds]: it does nothing meanwhile.",
      .list(of: .tuple([.whole(0...workerMaximum - 1), .number(.cost), .number(.cost)]))
    ) { (experiment, setting) throws(SettingError) in
      var pauses: [[Double]] = []
      for pause in try setting.elements(what) {
        let parts = try pause.elements(what)
        guard parts.count == 3 else {
          throw SettingError(
            "\(pause.key) has a list of \(parts.count); a pause has three numbers")
        }
        pauses.append([
          Double(try parts[0].integer(0...workerMaximum - 1)), try parts[1].number(.cost),
          try parts[2].number(.cost),
        ])
      }
      experiment.simulation.pauses = pauses
    } write: {
      let pauses = $0.simulation.pauses.map { pause in
        "[" + pause.map(shortest).joined(separator: ", ") + "]"
      }
      return "[" + pauses.joined(separator: ", ") + "]"
    }
  }

  static let coreCounts = 1...65_536

  private static var cores: Key<Experiment> {
    Key(
      "simulation.cores",
      "Processors that all nodes share, moving bytes included; none: each node has its own, as "
        + "machines of a cluster have; calibrated: as many as this machine has, which is what "
        + "processes on it share.",
      .either(.words(["none", calibrated]), .whole(coreCounts))
    ) { (experiment, setting) throws(SettingError) in
      if setting.value.word == calibrated {
        experiment.simulation.cores = .calibrated
        return
      }
      let others = Domain.either(.words([calibrated]), .whole(coreCounts))
      let count = try setting.optional("none", or: others) { () throws(SettingError) in
        try setting.integer(coreCounts)
      }
      experiment.simulation.cores = count.map { .shared($0) } ?? .unlimited
    } write: {
      switch $0.simulation.cores {
      case .calibrated: calibrated
      case .unlimited: "none"
      case .shared(let count): "\(count)"
      }
    }
  }

  private static var links: [Key<Experiment>] {
    [
      .choice(
        "simulation.latency", \.simulation.latency,
        "Between the two below, or the minimum and an exponential rest with the same mean."),
      .limit(
        "simulation.latency-minimum-milliseconds", \.simulation.latencyMinimumMilliseconds,
        orWord: calibrated, .cost,
        "Shortest latency of a message."),
      .limit(
        "simulation.latency-maximum-milliseconds", \.simulation.latencyMaximumMilliseconds,
        orWord: calibrated, .cost,
        "Longest latency of a message."),
      .limit(
        "simulation.megabytes-per-second", \.simulation.megabytesPerSecond, orWord: calibrated,
        .bandwidth,
        "What a node can send, and as much that it can receive."),
      .limit(
        "simulation.message-microseconds", \.simulation.messageMicroseconds, orWord: calibrated,
        .cost,
        "A node's work on each message that it sends or takes, besides its bytes."),
      .limit(
        "simulation.server-nanoseconds-per-byte", \.simulation.serverNanosecondsPerByte,
        orWord: calibrated, .cost,
        "A server's work on each byte that is pushed, done before it answers."),
      cores,
      .count(
        "simulation.computing-workers", \.simulation.computingWorkers, orWord: "all",
        "So many workers compute gradients and the others push copies of them: for clusters too "
          + "large to compute, where only the protocol is of interest."),
      .choice(
        "simulation.vectors", \.simulation.vectors,
        "Under a barrier: keep all workers' gradients and importances until they are added up, or "
          + "make each again then, in memory for one and at twice the work; same bits. automatic: "
          + "again above 256 MiB."),
    ]
  }

  private static var timeouts: [Key<Experiment>] {
    [
      .integer(
        "timeouts.heartbeat-milliseconds", \.cluster.timeouts.heartbeatMilliseconds, 10...60_000,
        "Between two heartbeats of a node."),
      .integer(
        "timeouts.silence-milliseconds", \.cluster.timeouts.silenceMilliseconds, 100...3_600_000,
        "A node that says nothing for so long is lost."),
      .integer(
        "timeouts.start-milliseconds", \.cluster.timeouts.startMilliseconds, 100...3_600_000,
        "All nodes must have come within this and be ready within as long again. A worker that has "
          + "no answer from a server, and a node that awaits the answer to its last word, wait as "
          + "long."),
    ]
  }
}
