import Settings

extension ExperimentFile {
  /// Who gets what, and when.
  static var arrangement: [FilePart] {
    [
      Choice(
        "placement.kind", \.placement, placements, prefix: "placement.",
        "Which examples a worker gets."),
      Choice(
        "arrival.order", \.arrival, orders, prefix: "arrival.",
        "Each worker's tasks: in the stream's order | beginning elsewhere | in an order of its own "
          + "| each task at one worker only | as listed."),
      Choice(
        "arrival.onset", \.arrival, onsets, prefix: "arrival.",
        "When workers begin: together | one after another | at random."),
      Choice(
        "arrival.boundary", \.arrival, boundaries, prefix: "arrival.",
        "Whether tasks have examples of each other."),
    ].map { .choice($0) }
  }

  private static var placements: Catalog<Experiment.Placement> {
    let beta = Key<Experiment.Placement>.number("beta", \.beta, .positive, "Small is skewed.")
    let minimum = Key<Experiment.Placement>.integer(
      "minimum", \.minimum, Domain.countsOrNone,
      "Examples that every worker has at least; laws are drawn again until it holds.")
    return Catalog(
      \.kind,
      [
        .shards: [.integer("shards", \.shards, 1...10_000, "Of each worker.")],
        .dirichletByClass: [
          beta, minimum,
          .flag("balance", \.balance, "A worker with its even share gets no more classes."),
        ],
        .dirichletByNode: [.number("alpha", \.alpha, .positive, "Small is skewed.")],
        .classesPerNode: [.integer("classes", \.classes, 1...10_000, "Of each worker.")],
        .quantityDirichlet: [beta, minimum],
        .featureNoise: [
          .number(
            "sigma", \.sigma, .notNegative,
            "Worker n of N gets noise of variance sigma (n+1)/N.")
        ],
      ])
  }

  private static var orders: Catalog<Experiment.Arrival> {
    Catalog(
      \.order,
      [
        .rotated: [
          .integer("by", \.by, 1...10_000, "Worker n begins with task n times this.")
        ],
        .lists: [
          .lists(
            "lists", \.lists, of: 0...999, "a list of lists of tasks",
            "One list of tasks (counted from 0) a worker.")
        ],
      ])
  }

  private static var onsets: Catalog<Experiment.Arrival> {
    Catalog(
      \.onset,
      [
        .offset: [
          .integer("offset", \.offset, Domain.countsOrNone, "Steps between two workers.")
        ],
        .poisson: [.number("rate", \.rate, .arrivals, "Workers a step.")],
      ])
  }

  private static var boundaries: Catalog<Experiment.Arrival> {
    Catalog(
      \.boundary,
      [
        .blurry: [
          .number(
            "disjoint", \.disjoint, .fraction,
            "Share of the classes of tasks that stay in their task."),
          .number(
            "mixture", \.mixture, .fraction,
            "Share of the examples of the others that other tasks have."),
        ]
      ])
  }
}
