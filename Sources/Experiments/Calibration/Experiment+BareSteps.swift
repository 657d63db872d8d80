import Methods
import Updates

extension Experiment {
  /// An experiment that takes steps of this one's model and batch under a barrier and does nothing
  /// else: no method but one that learns without gradients, no codec, hardly an evaluation.
  ///
  /// - Parameters:
  ///   - workers: Each with the share of the batch that it has here.
  ///   - iterations: Steps of each task.
  public func bareSteps(workers: Int, iterations: Int) -> Experiment {
    var bare = Experiment()
    bare.name = name
    bare.seed = seed
    bare.data = data
    bare.stream = stream
    bare.stream.iterations = iterations
    bare.stream.testExamplesPerTask = 1
    bare.stream.evaluationEverySteps = nil
    bare.model = model
    bare.optimizer.kind = .sgd
    bare.optimizer.rate = 1e-6
    bare.method = updateRule == .sum ? method : MethodChoice(Plain())
    bare.compare = []
    bare.cluster.workers = workers
    bare.cluster.servers = cluster.servers
    bare.cluster.transport = cluster.transport
    bare.batch = workers * ((batch + cluster.workers - 1) / cluster.workers)
    bare.cluster.timeouts = cluster.timeouts
    return bare
  }
}
