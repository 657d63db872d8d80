import Compression
import Roles
import Settings

extension ExperimentFile {
  /// How vectors travel.
  static var communication: [FilePart] {
    [
      .choice(
        Choice(
          "communication.push-codec", \.communication.push, codecs,
          prefix: "communication.push-", "How workers write their gradients."))
    ] + pushing.map { .key($0) } + [
      .choice(
        Choice(
          "communication.pull-codec", \.communication.pull, codecs,
          prefix: "communication.pull-",
          "none: whole weights; else how servers write what changed."))
    ] + answering.map { .key($0) }
  }

  /// The codecs of one direction.
  private static var codecs: Catalog<Experiment.Link.Coding> {
    let density = Key<Experiment.Link.Coding>.number(
      "density", \.density, .share, "Share of the values that is sent.")
    let values = Key<Experiment.Link.Coding>.choice(
      "values", \.values, "How the values are written.")
    let bucket = Key<Experiment.Link.Coding>.integer(
      "bucket", \.bucket, 1...1_000_000, "Values that share a scale.")
    return Catalog(
      \.codec,
      [
        .int8: [bucket], .int4: [bucket], .ternary: [bucket],
        .threshold: [
          .number("threshold", \.threshold, .positive, "Smaller values are not sent."), values,
        ],
        .topK: [density, values], .randomK: [density, values],
        .powerSGD: [.integer("rank", \.rank, 1...64, "Columns of the two factors.")],
      ])
  }

  /// What workers keep of what their codec leaves out.
  private static var pushing: [Key<Experiment>] {
    [
      .flag(
        "communication.push-feedback", \.communication.feedback,
        "A worker keeps what its codec leaves out and adds it to the next gradient."),
      .number(
        "communication.push-momentum", \.communication.momentum, .belowOne,
        "Momentum correction at the worker, before the codec."),
      .flag(
        "communication.push-masking", \.communication.masking,
        "Momentum of what has been sent is forgotten."),
      .limit(
        "communication.push-clip", \.communication.clip, orWord: "none", .positive,
        "Largest norm of a gradient before it is encoded."),
      .count(
        "communication.push-warm-up", \.communication.warmUp, orWord: "none",
        "Steps over which the density falls from a quarter to its value."),
      .choice(
        "communication.push-selection", \.communication.selection,
        "top-k takes the largest magnitudes, or those that would move most: divided by "
          + "1 + rate lambda U; workers are sent U for it."),
      .flag(
        "communication.push-overlay", \.communication.overlay,
        "consistency local: a worker computes at the weights it was sent less what it has kept of "
          + "its own way, which so counts for itself at once."),
      .limit(
        "communication.gate", \.communication.gate, orWord: "none", .positive,
        "Weights at which rate lambda U is above this are held by the penalty and not pushed; "
          + "workers are sent a list of them at each consolidation."),
      .choice(
        "communication.push-residual", \.communication.residual,
        "What a worker does with what it kept when it ends a task."),
    ]
  }

  /// What servers keep of changes, and how importances travel.
  private static var answering: [Key<Experiment>] {
    [
      .integer(
        "communication.pull-ring", \.communication.ring, 1...10_000,
        "Changes that a server keeps for workers that are behind; further behind: all weights."),
      .choice(
        "communication.pull-residual", \.communication.pullResidual,
        "What servers do at a boundary where all meet with what they have not sent of changes: "
          + "keep it for later, send all weights, or forget it."),
      .choice(
        "communication.importance", \.communication.importance, "How importances are written."),
    ]
  }
}
