import Settings
import Streams

extension ExperimentFile {
  /// The task stream.
  static var stream: [FilePart] {
    [
      .choice(
        Choice(
          "stream.kind", \.stream, streams, prefix: "stream.",
          "What makes a task: its classes, a pixel order, an angle."))
    ]
      + [
        .integer("stream.tasks", \.stream.tasks, 1...1000, "Number of tasks T."),
        .choice(
          "stream.scenario", \.stream.scenario,
          "A head per task | one shared head | one head with all classes."),
        .choice(
          "stream.loss-classes", \.stream.lossClasses,
          "class scenario: the loss runs over all classes or those seen so far."),
        .integer(
          "stream.padding", \.stream.padding, 0...64,
          "Background pixels added on each side, before permuting or rotating."),
        .count(
          "stream.examples-per-task", \.stream.examplesPerTask, orWord: "all",
          "Training examples of each task, a random subset by seed."),
        .count(
          "stream.test-examples-per-task", \.stream.testExamplesPerTask, orWord: "all",
          "Test examples of each task, a random subset by seed."),
        .integer(
          "stream.epochs", \.stream.epochs, 1...100_000, "Passes over each task's examples."),
        .count(
          "stream.iterations", \.stream.iterations, orWord: "none",
          "Instead of epochs: steps of each task."),
      ].map { .key($0) }
  }

  private static var streams: Catalog<Experiment.Stream> {
    Catalog(
      \.kind,
      [
        .split: [classes],
        .rotated: [
          .numbers(
            "angles", \.angles, .degrees, "One angle a task, degrees counter-clockwise."),
          .limit(
            "random-bins", \.randomBins, orWord: "none", .span,
            "Instead of angles, one random angle in each of T equal bins of 0 to this."),
          .choice("interpolation", \.interpolation, "How pixels are resampled."),
        ],
      ])
  }

  private static var classes: Key<Experiment.Stream> {
    Key(
      "classes",
      "fixed (in order) | drawn (by seed) | a list of lists of classes, by the data set's labels.",
      .either(.words(["fixed", "drawn"]), .list(of: .list(of: .whole(0...255))))
    ) { (stream, setting) throws(SettingError) in
      switch setting.value.word {
      case "fixed": stream.classes = .fixed
      case "drawn": stream.classes = .drawn
      default:
        stream.classes = .explicit(
          try setting.lists(of: 0...255, "fixed, drawn or a list of lists of classes"))
      }
    } write: {
      switch $0.classes {
      case .fixed: "fixed"
      case .drawn: "drawn"
      case .explicit(let groups): "\(groups)"
      }
    }
  }
}
