import Compression
import Roles

extension Key {
  /// How vectors travel.
  static var communication: [Key] {
    coding("push", \.communication.push, "How workers write their gradients.") + pushing
      + coding(
        "pull", \.communication.pull,
        "none: whole weights; else how servers write what changed.") + answering
  }

  /// The codec of one direction.
  private static func coding(
    _ side: String, _ field: WritableKeyPath<Experiment, Experiment.Link.Coding>,
    _ documentation: String
  ) -> [Key] {
    [
      choice(
        "communication.\(side)-codec", field.appending(path: \.codec), documentation),
      number(
        "communication.\(side)-density", field.appending(path: \.density), .share,
        "top-k and random-k: share of the values that is sent."),
      choice(
        "communication.\(side)-values", field.appending(path: \.values),
        "How sparse codecs write their values."),
      integer(
        "communication.\(side)-bucket", field.appending(path: \.bucket), 1...1_000_000,
        "int8, int4 and ternary: values that share a scale."),
      integer(
        "communication.\(side)-rank", field.appending(path: \.rank), 1...64, "power-sgd."),
      number(
        "communication.\(side)-threshold", field.appending(path: \.threshold), .positive,
        "threshold: smaller values are not sent."),
    ]
  }

  /// What workers keep of what their codec leaves out.
  private static var pushing: [Key] {
    [
      flag(
        "communication.push-feedback", \.communication.feedback,
        "A worker keeps what its codec leaves out and adds it to the next gradient."),
      number(
        "communication.push-momentum", \.communication.momentum, .belowOne,
        "Momentum correction at the worker, before the codec."),
      flag(
        "communication.push-masking", \.communication.masking,
        "Momentum of what has been sent is forgotten."),
      limit(
        "communication.push-clip", \.communication.clip, orWord: "none", .positive,
        "Largest norm of a gradient before it is encoded."),
      count(
        "communication.push-warm-up", \.communication.warmUp, orWord: "none",
        "Steps over which the density falls from a quarter to its value."),
      choice(
        "communication.push-selection", \.communication.selection,
        "top-k takes the largest magnitudes, or those that would move most: divided by "
          + "1 + rate lambda U; workers are sent U for it."),
      flag(
        "communication.push-overlay", \.communication.overlay,
        "consistency local: a worker computes at the weights it was sent less what it has kept of "
          + "its own way, which so counts for itself at once."),
      limit(
        "communication.gate", \.communication.gate, orWord: "none", .positive,
        "Weights at which rate lambda U is above this are held by the penalty and not pushed; "
          + "workers are sent a list of them at each consolidation."),
      choice(
        "communication.push-residual", \.communication.residual,
        "What a worker does with what it kept when it ends a task."),
    ]
  }

  /// What servers keep of changes, and how importances travel.
  private static var answering: [Key] {
    [
      integer(
        "communication.pull-ring", \.communication.ring, 1...10_000,
        "Changes that a server keeps for workers that are behind; further behind: all weights."),
      choice(
        "communication.pull-residual", \.communication.pullResidual,
        "What servers do at a boundary where all meet with what they have not sent of changes: "
          + "keep it for later, send all weights, or forget it."),
      choice(
        "communication.importance", \.communication.importance, "How importances are written."),
    ]
  }

  /// Who gets what, and when.
  static var arrangement: [Key] {
    [
      choice("placement.kind", \.placement.kind, "Which examples a worker gets."),
      number(
        "placement.beta", \.placement.beta, .positive,
        "dirichlet-by-class and quantity-dirichlet: small is skewed."),
      integer(
        "placement.minimum", \.placement.minimum, Domain.countsOrNone,
        "The same: examples that every worker has at least; laws are drawn again until it holds."),
      flag(
        "placement.balance", \.placement.balance,
        "dirichlet-by-class: a worker with its even share gets no more classes."),
      number("placement.alpha", \.placement.alpha, .positive, "dirichlet-by-node."),
      integer("placement.shards", \.placement.shards, 1...10_000, "shards: of each worker."),
      integer(
        "placement.classes", \.placement.classes, 1...10_000, "classes-per-node: of each worker."),
      number(
        "placement.sigma", \.placement.sigma, .notNegative,
        "feature-noise: worker n of N gets noise of variance sigma (n+1)/N."),
      choice(
        "arrival.order", \.arrival.order,
        "Each worker's tasks: in the stream's order | beginning elsewhere | in an order of its own "
          + "| each task at one worker only | as listed."),
      integer(
        "arrival.by", \.arrival.by, 1...10_000, "rotated: worker n begins with task n times this."),
      Key(
        path: "arrival.lists",
        documentation: "lists: one list of tasks (counted from 0) a worker.",
        domain: .list(of: .list(of: .whole(0...999)))
      ) {
        $0.arrival.lists = try $1.lists(of: 0...999, "a list of lists of tasks")
      } write: {
        "\($0.arrival.lists)"
      },
      choice(
        "arrival.onset", \.arrival.onset,
        "When workers begin: together | one after another | at random."),
      integer(
        "arrival.offset", \.arrival.offset, Domain.countsOrNone,
        "offset: steps between two workers."),
      number("arrival.rate", \.arrival.rate, .arrivals, "poisson: workers a step."),
      choice(
        "arrival.boundary", \.arrival.boundary, "Whether tasks have examples of each other."),
      number(
        "arrival.disjoint", \.arrival.disjoint, .fraction,
        "blurry: share of the classes of tasks that stay in their task."),
      number(
        "arrival.mixture", \.arrival.mixture, .fraction,
        "blurry: share of the examples of the others that other tasks have."),
    ]
  }
}
