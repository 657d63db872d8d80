import Settings
import Streams

extension ExperimentFile {
  /// The task stream.
  static var stream: [FilePart] {
    [
      .choice(
        Choice(
          "stream.kind", \.stream.kind, StreamKinds.catalog, prefix: "stream.",
          "What makes a task: its classes, an order of its inputs, an angle, a data set."))
    ]
      + [
        .integer("stream.tasks", \.stream.tasks, 1...1000, "Number of tasks T."),
        order,
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
        .choice(
          "stream.batches", \.stream.batches,
          "Each worker draws its part of a batch from its own examples | the batch is drawn from "
            + "those of all workers and each computes what it has, so that any number of workers "
            + "gives the same run to rounding, however examples are placed."),
      ].map { .key($0) }
  }

  private static let order = Key<Experiment>(
    "stream.order",
    StreamOrder.words.joined(separator: " | ")
      + " | a list of tasks from 0. By what the training data look like: how well the nearest "
      + "class mean tells classes apart, how far tasks are from each other.",
    .either(.words(StreamOrder.words), .list(of: .whole(0...999)))
  ) { (experiment, setting) throws(SettingError) in
    if let word = setting.value.word, let order = StreamOrder(word: word) {
      experiment.stream.order = order
    } else {
      experiment.stream.order = .list(try setting.integers(0...999))
    }
  } write: {
    $0.stream.order.description
  }
}
