public import ArgumentParser
import Running
import Tensors
public import Training

/// How much learning one task helps another.
struct Affinity: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how much learning one task helps another, and suggest an order.",
    discussion: """
      In one process, without a cluster: one network learns all tasks at once, and every so many \
      steps the gradients of the tasks at the same weights are compared. gram is the mean cosine \
      of two gradients; lookahead is the share by which a plain step on the one task lowers the \
      other's loss. probe trains a network on each task alone, and tells how well a linear probe \
      on its features answers each other task, in % of the accuracy on that task's own features. \
      Among nodes it is the data of each worker instead of tasks. Data, stream, network, \
      optimiser, batch and seed of the experiment count, its method does not; tasks are numbered \
      as stream.order=given has them. The output folder gets affinity.json and affinity.html.
      """)

  /// Estimators by their names, or all.
  enum Way: String, ExpressibleByArgument, CaseIterable {
    case gram, lookahead, probe, all

    var estimators: [AffinityPlan.Estimator] {
      AffinityPlan.Estimator(rawValue: rawValue).map { [$0] } ?? AffinityPlan.Estimator.allCases
    }
  }

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "How it is measured: gram, lookahead, probe or all.") var by = Way.gram
  @Option(help: "Between what: tasks or nodes.") var among = AffinityPlan.Members.tasks
  @Option(help: "Steps of training.") var steps = 100
  @Option(help: "Steps from one sample to the next.") var every = 10
  @Option(help: "Examples of each task or node in a sample.") var examples = 256
  @Option(help: "Step size of a look-ahead.") var rate = 0.01

  func validate() throws {
    guard (1...1_000_000).contains(steps) else {
      throw ValidationError("--steps is a number from 1 to 1000000")
    }
    guard (1...steps).contains(every) else {
      throw ValidationError("--every is a number from 1 to --steps, which is \(steps)")
    }
    guard (1...1_000_000).contains(examples) else {
      throw ValidationError("--examples is a number from 1 to 1000000")
    }
    guard rate > 0, rate.isFinite else { throw ValidationError("--rate is a number above 0") }
  }

  func run() throws {
    useOneBLASThread()
    let experiment = try options.experiment()
    let plan = AffinityPlan(
      by.estimators, among: among, stepCount: steps, sampleEvery: every, exampleCount: examples,
      rate: rate)
    let words =
      options.words + [
        "--by", by.rawValue, "--among", among.rawValue, "--steps", "\(steps)", "--every",
        "\(every)", "--examples", "\(examples)", "--rate", "\(rate)",
      ]
    let request = AffinityRequest(
      experiment, plan, dataFolder: options.input.dataFolder, words: words,
      folder: output.folder(for: experiment), overwrites: output.force,
      printsJSON: output.telling.json, screen: output.telling.screen)
    try AffinitySession(request).run()
  }
}

extension AffinityPlan.Members: ExpressibleByArgument {}
