import Roles
import Streams
import Yams

extension Key {
  /// Every key of the experiment file, in the order in which files are written.
  static var all: [Key] {
    general + streamKeys + learning + methodKeys + strengths + machinery + arrangement
      + communication + clocks
  }

  /// Ranks and tasks are drawn for in 16 bits each.
  static let workerMaximum = 65_536

  private static var general: [Key] {
    [
      text("name", \.name, "What the run is called in its results."),
      Key(
        path: "seed",
        documentation: "Every random draw follows from it. Equal seeds give equal bits where all "
          + "compute with the same kernel (cluster.kernels): always in the simulator, in a cluster "
          + "of processes under bsp without cluster.drop and under local.",
        domain: .seed
      ) {
        $0.seed = try $1.seed()
      } write: {
        "\($0.seed)"
      },
      text(
        "data.set", \.data.set,
        "glyphs (embedded), or the name of a folder of IDX files under --data."),
      number(
        "data.mean", \.data.mean, .pixelMean, "Inputs are (pixel/255 - mean) / deviation."),
      number("data.deviation", \.data.deviation, .pixelDeviation, "See data.mean."),
    ]
  }

  private static var streamKeys: [Key] {
    [
      choice(
        "stream.kind", \.stream.kind, "What makes a task: its classes, a pixel order, an angle."),
      integer("stream.tasks", \.stream.tasks, 1...1000, "Number of tasks T."),
      choice(
        "stream.scenario", \.stream.scenario,
        "A head per task | one shared head | one head with all classes."),
      Key(
        path: "stream.classes",
        documentation:
          "split: fixed (in order) | drawn (by seed) | a list of lists of classes, by the data "
          + "set's labels.",
        domain: .either(.words(["fixed", "drawn"]), .list(of: .list(of: .whole(0...255))))
      ) { experiment, setting in
        switch setting.node.scalar?.string {
        case "fixed": experiment.stream.classes = .fixed
        case "drawn": experiment.stream.classes = .drawn
        default:
          experiment.stream.classes = .explicit(
            try setting.lists(of: 0...255, "fixed, drawn or a list of lists of classes"))
        }
      } write: {
        switch $0.stream.classes {
        case .fixed: "fixed"
        case .drawn: "drawn"
        case .explicit(let groups): "\(groups)"
        }
      },
      choice(
        "stream.loss-classes", \.stream.lossClasses,
        "class scenario: the loss runs over all classes or those seen so far."),
      Key(
        path: "stream.angles",
        documentation: "rotated: one angle a task, degrees counter-clockwise.",
        domain: .list(of: .number(.degrees))
      ) {
        $0.stream.angles = try $1.numbers(.degrees)
      } write: {
        "[" + $0.stream.angles.map(yaml).joined(separator: ", ") + "]"
      },
      limit(
        "stream.random-bins", \.stream.randomBins, orWord: "none", .span,
        "rotated: instead of angles, one random angle in each of T equal bins of 0 to this."),
      choice(
        "stream.interpolation", \.stream.interpolation, "rotated: how pixels are resampled."),
      integer(
        "stream.padding", \.stream.padding, 0...64,
        "Background pixels added on each side, before permuting or rotating."),
      count(
        "stream.examples-per-task", \.stream.examplesPerTask, orWord: "all",
        "Training examples of each task, a random subset by seed."),
      count(
        "stream.test-examples-per-task", \.stream.testExamplesPerTask, orWord: "all",
        "Test examples of each task, a random subset by seed."),
      integer(
        "stream.epochs", \.stream.epochs, 1...100_000, "Passes over each task's examples."),
      count(
        "stream.iterations", \.stream.iterations, orWord: "none",
        "Instead of epochs: steps of each task."),
    ]
  }

  private static var learning: [Key] {
    [
      Key(
        path: "model.hidden",
        documentation: "Widths of the hidden layers (ReLU); an empty list makes a linear model.",
        domain: .list(of: .whole(1...100_000))
      ) {
        $0.model.hidden = try $1.integers(1...100_000)
      } write: {
        "\($0.model.hidden)"
      },
      choice("model.initialization", \.model.initialization, "How weights are drawn."),
      choice("optimizer.kind", \.optimizer.kind, "The servers' update rule."),
      number("optimizer.rate", \.optimizer.rate, .positive, "Learning rate."),
      number(
        "optimizer.momentum", \.optimizer.momentum, .belowOne, "momentum and nesterov."),
      number("optimizer.beta1", \.optimizer.beta1, .belowOne, "adam."),
      number("optimizer.beta2", \.optimizer.beta2, .belowOne, "adam."),
      number("optimizer.epsilon", \.optimizer.epsilon, .positive, "adam."),
      choice("optimizer.schedule", \.optimizer.schedule, "How the rate changes over steps."),
      integer(
        "optimizer.schedule-every", \.optimizer.scheduleEvery, Domain.counts,
        "step: multiply the rate after so many steps ..."),
      number(
        "optimizer.schedule-factor", \.optimizer.scheduleFactor, .positive, "... by this."),
      integer(
        "optimizer.schedule-steps", \.optimizer.scheduleSteps, Domain.counts,
        "cosine: fall within so many steps ..."),
      number(
        "optimizer.schedule-floor", \.optimizer.scheduleFloor, .fraction,
        "... to this share of the rate."),
      flag(
        "optimizer.reset-at-boundary", \.optimizer.resetAtBoundary,
        "Forget momentum and moments when a task begins."),
      limit(
        "optimizer.clip", \.optimizer.clip, orWord: "none", .positive,
        "Largest norm of a worker's gradient."),
      integer(
        "batch", \.batch, 1...10_000_000,
        "Examples of a step over all workers together."),
    ]
  }

  static var methodKeys: [Key] {
    [
      choice(
        "method.name", \.method.name,
        "joint trains on all tasks at once and independent keeps a model a task: bounds; fedcurv "
          + "exchanges importances with every push."),
      number(
        "method.lambda", \.method.lambda, .notNegative,
        "Strength of the penalty lambda/2 sum Omega (theta - theta*)^2. It belongs to the method "
          + "that it is given with; another one, named by --set, in compare or in a grid, takes "
          + "its own of method.lambdas. Given without a name it is for all."),
      choice(
        "method.mode", \.method.mode,
        "A penalty for every task, or one that decays: U <- decay U + Omega."),
      number("method.decay", \.method.decay, .fraction, "Of the online mode; 1 forgets nothing."),
      choice(
        "method.anchor", \.method.anchor,
        "Each task's importance pulls to its own weights, or all to the latest; published: own "
          + "for separate EWC, latest for online EWC, MAS, SI and L2."),
      choice("method.fisher", \.method.fisher, "ewc: which Fisher information."),
      integer(
        "method.fisher-batch", \.method.fisherBatch, 1...128,
        "fisher batched: examples whose mean gradient is squared."),
      count(
        "method.examples", \.method.examples, orWord: "all",
        "ewc, mas: training examples of a task that importance is estimated from."),
      number("method.damping", \.method.damping, .positive, "si: xi of omega / (Delta^2 + xi)."),
      choice(
        "method.consolidate", \.method.consolidate,
        "All workers meet at each boundary, or each consolidates its own tasks when it is done "
          + "with them (every: provisionally within them as well), or nobody does."),
      integer(
        "method.consolidate-every", \.method.consolidateEvery, Domain.counts,
        "consolidate every: steps of a worker between two provisional importances."),
    ]
  }

  /// What methods take that are given no strength.
  static var strengths: [Key] {
    Experiment.Method.Name.allCases.filter(\.hasPenalty).map { name in
      number(
        "method.lambdas.\(name.rawValue)", \.strengths[name], .notNegative,
        "method.lambda of \(name.rawValue) where none is given with it.")
    }
  }

  private static var machinery: [Key] {
    [
      choice(
        "penalty.form", \.penalty.form,
        "The penalty's gradient in the step, or an exact step after it (stable for every lambda)."),
      choice(
        "penalty.at", \.penalty.site,
        "The servers apply it to the shared weights, or each worker to the weights it computes at, "
          + "from importances and anchors that it is sent."),
      flag(
        "penalty.lazy", \.penalty.isLazy,
        "It waits where a gradient is zero, so that updates change few weights; plain SGD only."),
      integer("cluster.workers", \.cluster.workers, 1...workerMaximum, "Worker processes."),
      integer("cluster.servers", \.cluster.servers, 1...100, "Server processes."),
      choice(
        "cluster.consistency", \.cluster.consistency,
        "A step waits for all workers' gradients | a worker may be some steps ahead | nobody waits "
          + "| workers take steps on their own and push the way they went."),
      integer(
        "cluster.staleness-bound", \.cluster.stalenessBound, Domain.countsOrNone,
        "ssp: steps that a worker may be ahead of the slowest; 0 is bsp."),
      integer(
        "cluster.drop", \.cluster.drop, 0...1000,
        "bsp: pushes of a step that are not waited for and dropped when they come."),
      integer(
        "cluster.local-steps", \.cluster.localSteps, Domain.counts,
        "local: steps of a worker between two pushes."),
      number(
        "cluster.outer-rate", \.cluster.outerRate, .positive,
        "local: the servers' rate for the mean way; 1 takes it as it is."),
      number(
        "cluster.outer-momentum", \.cluster.outerMomentum, .belowOne,
        "local: the servers' Nesterov momentum for it."),
      choice(
        "cluster.staleness-weight", \.cluster.stalenessWeight,
        "A gradient that is n versions old counts in full | 1/(1 + n)."),
      number(
        "cluster.delay-compensation", \.cluster.delayCompensation, .notNegative,
        "lambda of g + lambda g*g*(theta - theta_old) for stale gradients."),
      choice("cluster.transport", \.cluster.transport, "How local processes talk."),
      choice(
        "cluster.kernels", \.cluster.kernels,
        "All workers must multiply with the same kernel, which OpenBLAS chooses by the processor "
          + "(OPENBLAS_CORETYPE overrides it), or need not; bits depend on it."),
      Key(
        path: "cluster.factors",
        documentation: "Workers whose work takes so many times as long, in a cluster of processes "
          + "(they idle for the rest) and in the simulator: {0: 4} names ranks, a list has a "
          + "number for each worker; [] for none.",
        domain: .either(
          .list(of: .number(.factor)),
          .mapping(from: .whole(0...workerMaximum - 1), to: .number(.factor)))
      ) {
        $0.cluster.factors = try $1.factors()
      } write: {
        switch $0.cluster.factors {
        case .listed(let factors): "[" + factors.map(yaml).joined(separator: ", ") + "]"
        case .named(let factors):
          "{"
            + factors.sorted { $0.key < $1.key }.map { "\($0.key): \(yaml($0.value))" }
            .joined(separator: ", ") + "}"
        }
      },
      count(
        "evaluation.every-steps", \.evaluationEverySteps, orWord: "none",
        "Evaluate all tasks every so many steps, besides boundaries. It makes the curve finer, and "
          + "with it any-time and minimum accuracy and times to accuracy; nothing else changes."),
    ]
  }
}
