import Experiments
import Methods
import Models
import Roles
import Streams
import Tensors
import Updates

extension Blueprint {
  /// The phase in which a stage is trained first; `nil` if nobody trains it.
  public func phase(of stage: Int) -> Int? {
    taskSchedule.sequences.compactMap { $0.firstIndex(of: stage) }.min()
  }

  /// Of every example that all workers have of finished stages in a phase: the data set's label of
  /// its class, and who has it.
  public func memoryPlaces(in phase: Int) -> [(label: Int, worker: Int)] {
    let data = stream.data
    return memory(in: phase).map {
      (data.labels[data.train.label($0.example.index)], $0.owner)
    }
  }

  /// Bytes that all workers' performers together keep when all stages are finished: examples with
  /// their labels as they are stored, weights whose answers are held on to or learned, and moments
  /// of optimisers that stay with the workers. Training on all tasks at once keeps all examples.
  public var keptByteCountOfWorkers: Int {
    let train = stream.data.train
    let exampleByteCount = train.count > 0 ? train.byteCount / train.count : 0
    let examples =
      isJoint
      ? stages.reduce(0) { $0 + $1.examples.count } : memory(in: taskSchedule.phaseCount).count
    let method = experiment.method.value
    let teachers =
      (method.distillation != nil || method.generation != nil) && taskSchedule.phaseCount > 1
      ? experiment.cluster.workers : 0
    let optimizer = Optimizer(
      experiment.optimizerSpecification,
      count: experiment.cluster.consistency == .local ? layout.count : 0)
    let moments = experiment.cluster.workers * optimizer.vectorCount
    let tutors = (tutors?.all ?? []).reduce(0) { $0 + $1.weights.count }
    return examples * exampleByteCount
      + experiment.cluster.workers * tutors * MemoryLayout<Float>.stride
      + (teachers + moments) * layout.count * MemoryLayout<Float>.stride
  }
}
