import Methods
import Models
import Settings
import Updates

extension ExperimentFile {
  /// Ranks and tasks are drawn for in 16 bits each.
  static let workerMaximum = 65_536

  static var general: [FilePart] {
    [
      .text("name", \.name, "What the run is called in its results."),
      Key(
        "seed",
        "Every random draw follows from it. Equal seeds give equal bits where all compute with "
          + "the same kernel (cluster.kernels): always in the simulator, in a cluster of processes "
          + "under bsp without cluster.drop and under local.",
        .seed
      ) { (experiment, setting) throws(SettingError) in
        experiment.seed = try setting.seed()
      } write: {
        "\($0.seed)"
      },
      .text(
        "data.set", \.data.set,
        "glyphs or stories (embedded), or the name of a data set under --data: IDX files, a NumPy "
          + "archive, folders of PNG images or stories with questions."),
      .number(
        "data.mean", \.data.mean, .pixelMean, "Inputs are (pixel/255 - mean) / deviation."),
      .number("data.deviation", \.data.deviation, .pixelDeviation, "See data.mean."),
      .integers(
        "data.training-without", \.data.trainingWithout, 0...1_000_000,
        "Labels of which no example is trained; they are tested all the same."),
    ].map { .key($0) }
  }

  static var learning: [FilePart] {
    [
      .choice(
        Choice(
          "model.kind", \.model.kind, Networks.catalog, prefix: "model.", "The network.")),
      .key(
        .choice("model.initialization", \.model.initialization, "How weights are drawn.")),
    ] + optimizer + [
      .key(
        .integer(
          "batch", \.batch, 1...10_000_000,
          "Examples of a step over all workers together."))
    ]
  }

  private static var optimizer: [FilePart] {
    [
      .choice(
        Choice(
          "optimizer.kind", \.optimizer, optimizers, prefix: "optimizer.",
          "The servers' update rule.")),
      .key(.number("optimizer.rate", \.optimizer.rate, .positive, "Learning rate.")),
      .choice(
        Choice(
          "optimizer.schedule", \.optimizer, schedules, prefix: "optimizer.schedule-",
          "How the rate changes over steps.")),
      .key(
        .flag(
          "optimizer.reset-at-boundary", \.optimizer.resetAtBoundary,
          "Forget momentum and moments when a task begins.")),
      .key(
        .limit(
          "optimizer.clip", \.optimizer.clip, orWord: "none", .positive,
          "Largest norm of a worker's gradient.")),
    ]
  }

  private static var optimizers: Catalog<Experiment.Optimizer> {
    let momentum = Key<Experiment.Optimizer>.number(
      "momentum", \.momentum, .belowOne, "How much of a step's direction the next one keeps.")
    return Catalog(
      \.kind,
      [
        .momentum: [momentum], .nesterov: [momentum],
        .adam: [
          .number("beta1", \.beta1, .belowOne, "Decay of the mean of gradients."),
          .number("beta2", \.beta2, .belowOne, "Decay of the mean of their squares."),
          .number("epsilon", \.epsilon, .positive, "Added to the root of that."),
        ],
      ])
  }

  private static var schedules: Catalog<Experiment.Optimizer> {
    Catalog(
      \.schedule,
      [
        .step: [
          .integer(
            "every", \.scheduleEvery, Domain.counts,
            "Multiply the rate after so many steps ..."),
          .number("factor", \.scheduleFactor, .positive, "... by this."),
        ],
        .cosine: [
          .integer("steps", \.scheduleSteps, Domain.counts, "Fall within so many steps ..."),
          .number("floor", \.scheduleFloor, .fraction, "... to this share of the rate."),
        ],
        .milestones: [
          .integers(
            "at", \.scheduleAt, Domain.counts, "Steps in ascending order, from each of which on ..."
          ),
          .numbers("factors", \.scheduleFactors, .positive, "... it is so many times the rate."),
        ],
      ])
  }

  static var method: [FilePart] {
    [
      .choice(
        Choice(
          "method.name", \.method.chosen, Methods.catalog, prefix: "method.",
          "joint trains on all tasks at once and independent keeps a model a task: bounds; "
            + "fedcurv exchanges importances with every push.")),
      .choice(
        Choice(
          "method.consolidate", \.method, moments, prefix: "method.consolidate-",
          "All workers meet at each boundary, or each consolidates its own tasks when it is done "
            + "with them (every: provisionally within them as well), or nobody does.")),
    ]
  }

  private static var moments: Catalog<Experiment.MethodChoice> {
    Catalog(
      \.consolidate,
      [
        .every: [
          .integer(
            "every", \.consolidateEvery, Domain.counts,
            "Steps of a worker between two provisional importances.")
        ]
      ])
  }

  /// What methods take that are given no strength.
  static var strengths: [Key<Experiment>] {
    Experiment.Strengths.names.map { name in
      .number(
        "method.lambdas.\(name)", \.strengths[name], .notNegative,
        "method.lambda of \(name) where none is given with it.")
    }
  }
}
