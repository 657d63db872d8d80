import Roles
import Yams

/// The simulator's clock, and how long nodes wait.
extension Key {
  static var clocks: [Key] { work + disturbances + links + timeouts }

  private static var work: [Key] {
    [
      choice(
        "simulation.clock", \.simulation.clock,
        "Work and messages take the virtual time that the costs below say, or nothing takes any, "
          + "for runs of which only accuracies and bytes are of interest: same weights, but only "
          + "where they do not depend on who is when (bsp without drop, local)."),
      cost(
        "simulation.step-milliseconds", \.simulation.stepMilliseconds, .cost,
        "Virtual time of a gradient. Here and below calibrated is what has been measured on this "
          + "machine, by hebb calibrate or briefly when it is needed first; a number is as good as "
          + "whoever gives it."),
      cost(
        "simulation.slice-milliseconds", \.simulation.sliceMilliseconds, .cost,
        "Virtual time of a slice of evaluation."),
      cost(
        "simulation.importance-milliseconds", \.simulation.importanceMilliseconds, .cost,
        "Virtual time of a slice of importance."),
    ]
  }

  private static var disturbances: [Key] {
    [
      number(
        "simulation.straggler-share", \.simulation.stragglerShare, .fraction,
        "Share of steps, drawn by seed, that take longer ..."),
      number(
        "simulation.straggler-factor", \.simulation.stragglerFactor, NumberRange(1e-6...1e6),
        "... by this factor."),
      Key(
        path: "simulation.pauses",
        documentation: "A list of [worker, second, length in seconds]: it does nothing meanwhile.",
        domain: .list(
          of: .tuple([.whole(0...workerMaximum - 1), .number(.cost), .number(.cost)]))
      ) {
        $0.simulation.pauses = try $1.elements("a list of [worker, second, length]").map { pause in
          let parts = try pause.elements("a list of [worker, second, length]")
          guard parts.count == 3 else {
            throw pause.error(
              "\(pause.key) has a list of \(parts.count); a pause has three numbers")
          }
          return [
            Double(try parts[0].integer(0...workerMaximum - 1)), try parts[1].number(.cost),
            try parts[2].number(.cost),
          ]
        }
      } write: {
        "["
          + $0.simulation.pauses.map { "[" + $0.map(yaml).joined(separator: ", ") + "]" }
          .joined(separator: ", ") + "]"
      },
    ]
  }

  static let coreCounts = 1...65_536

  private static var links: [Key] {
    [
      choice(
        "simulation.latency", \.simulation.latency,
        "Between the two below, or the minimum and an exponential rest with the same mean."),
      cost(
        "simulation.latency-minimum-milliseconds", \.simulation.latencyMinimumMilliseconds, .cost,
        "Shortest latency of a message."),
      cost(
        "simulation.latency-maximum-milliseconds", \.simulation.latencyMaximumMilliseconds, .cost,
        "Longest latency of a message."),
      cost(
        "simulation.megabytes-per-second", \.simulation.megabytesPerSecond, .bandwidth,
        "What a node can send, and as much that it can receive."),
      cost(
        "simulation.message-microseconds", \.simulation.messageMicroseconds, .cost,
        "A node's work on each message that it sends or takes, besides its bytes."),
      cost(
        "simulation.server-nanoseconds-per-byte", \.simulation.serverNanosecondsPerByte, .cost,
        "A server's work on each byte that is pushed, done before it answers."),
      Key(
        path: "simulation.cores",
        documentation:
          "Processors that all nodes share, moving bytes included; none: each node has "
          + "its own, as machines of a cluster have; calibrated: as many as this machine has, "
          + "which is what processes on it share.",
        domain: .either(.words(["none", calibrated]), .whole(coreCounts))
      ) { experiment, setting in
        if case .scalar(let scalar) = setting.node, scalar.string == calibrated {
          experiment.simulation.cores = .calibrated
          return
        }
        let others = Domain.either(.words([calibrated]), .whole(coreCounts))
        let count = try setting.optional("none", or: others) { try setting.integer(coreCounts) }
        experiment.simulation.cores = count.map { .shared($0) } ?? .unlimited
      } write: {
        switch $0.simulation.cores {
        case .calibrated: Key.calibrated
        case .unlimited: "none"
        case .shared(let count): "\(count)"
        }
      },
      count(
        "simulation.computing-workers", \.simulation.computingWorkers, orWord: "all",
        "So many workers compute gradients and the others push copies of them: for clusters too "
          + "large to compute, where only the protocol is of interest."),
      choice(
        "simulation.vectors", \.simulation.vectors,
        "Under a barrier: keep all workers' gradients and importances until they are added up, or "
          + "make each again then, in memory for one and at twice the work; same bits. automatic: "
          + "again above 256 MiB."),
    ]
  }

  private static var timeouts: [Key] {
    [
      integer(
        "timeouts.heartbeat-milliseconds", \.timeouts.heartbeatMilliseconds, 10...60_000,
        "Between two heartbeats of a node."),
      integer(
        "timeouts.silence-milliseconds", \.timeouts.silenceMilliseconds, 100...3_600_000,
        "A node that says nothing for so long is lost."),
      integer(
        "timeouts.start-milliseconds", \.timeouts.startMilliseconds, 100...3_600_000,
        "All nodes must have come within this and be ready within as long again. A worker that has "
          + "no answer from a server, and a node that awaits the answer to its last word, wait as "
          + "long."),
    ]
  }
}
