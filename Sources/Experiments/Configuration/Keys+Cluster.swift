import Roles
import Settings

extension ExperimentFile {
  /// Penalty, processes and evaluation.
  static var machinery: [FilePart] {
    penalty.map { .key($0) } + [
      .choice(
        Choice(
          "cluster.consistency", \.cluster, consistencies, prefix: "cluster.",
          "A step waits for all workers' gradients | a worker may be some steps ahead | nobody "
            + "waits | workers take steps on their own and push the way they went."))
    ] + cluster.map { .key($0) } + recovery.map { .key($0) }
  }

  private static var penalty: [Key<Experiment>] {
    [
      .choice(
        "penalty.form", \.penalty.form,
        "The penalty's gradient in the step, or an exact step after it (stable for every lambda)."),
      .choice(
        "penalty.at", \.penalty.site,
        "The servers apply it to the shared weights, or each worker to the weights it computes at, "
          + "from importances and anchors that it is sent."),
      .flag(
        "penalty.lazy", \.penalty.isLazy,
        "It waits where a gradient is zero, so that updates change few weights; plain SGD only."),
      .integer("cluster.workers", \.cluster.workers, 1...workerMaximum, "Worker processes."),
      .integer("cluster.servers", \.cluster.servers, 1...100, "Server processes."),
    ]
  }

  private static var consistencies: Catalog<Experiment.Cluster> {
    Catalog(
      \.consistency,
      [
        .bsp: [
          .integer(
            "drop", \.drop, 0...1000,
            "Pushes of a step that are not waited for and dropped when they come.")
        ],
        .ssp: [
          .integer(
            "staleness-bound", \.stalenessBound, Domain.countsOrNone,
            "Steps that a worker may be ahead of the slowest; 0 is bsp.")
        ],
        .local: [
          .integer(
            "local-steps", \.localSteps, Domain.counts, "Steps of a worker between two pushes."),
          .number(
            "outer-rate", \.outerRate, .positive,
            "The servers' rate for the mean way; 1 takes it as it is."),
          .number(
            "outer-momentum", \.outerMomentum, .belowOne, "The servers' Nesterov momentum for it."),
        ],
      ])
  }

  private static var cluster: [Key<Experiment>] {
    [
      .choice(
        "cluster.staleness-weight", \.cluster.stalenessWeight,
        "A gradient that is n versions old counts in full | 1/(1 + n)."),
      .number(
        "cluster.delay-compensation", \.cluster.delayCompensation, .notNegative,
        "lambda of g + lambda g*g*(theta - theta_old) for stale gradients."),
      .choice("cluster.transport", \.cluster.transport, "How local processes talk."),
      .choice(
        "cluster.kernels", \.cluster.kernels,
        "All workers must multiply with the same kernel, which OpenBLAS chooses by the processor "
          + "(OPENBLAS_CORETYPE overrides it), or need not; bits depend on it."),
      factors,
      .count(
        "evaluation.every-steps", \.stream.evaluationEverySteps, orWord: "none",
        "Evaluate all tasks every so many steps, besides boundaries. It makes the curve finer, and "
          + "with it any-time and minimum accuracy and times to accuracy; nothing else changes."),
    ]
  }

  private static var factors: Key<Experiment> {
    Key(
      "cluster.factors",
      "Workers whose work takes so many times as long, in a cluster of processes (they idle for "
        + "the rest) and in the simulator: {0: 4} names ranks, a list has a number for each "
        + "worker; [] for none.",
      .either(
        .list(of: .number(.factor)),
        .mapping(from: .whole(0...workerMaximum - 1), to: .number(.factor)))
    ) { (experiment, setting) throws(SettingError) in
      experiment.cluster.factors = try read(factors: setting)
    } write: {
      switch $0.cluster.factors {
      case .listed(let factors): "[" + factors.map(shortest).joined(separator: ", ") + "]"
      case .named(let factors):
        "{"
          + factors.sorted { $0.key < $1.key }.map { "\($0.key): \(shortest($0.value))" }
          .joined(separator: ", ") + "}"
      }
    }
  }

  private static func read(
    factors setting: Setting
  ) throws(SettingError) -> Experiment.Cluster.Factors {
    switch setting.value {
    case .list: return .listed(try setting.numbers(.factor))
    case .mapping(let entries):
      var factors: [Int: Double] = [:]
      for entry in entries {
        let rank = try Setting(key: "a rank of \(setting.key)", value: entry.key)
          .integer(0...workerMaximum - 1)
        factors[rank] = try Setting(key: "\(setting.key) of worker \(rank)", value: entry.value)
          .number(.factor)
      }
      return .named(factors)
    case .word: throw setting.mismatch("a list of numbers or a mapping such as {0: 4}")
    }
  }
}
