import Models
import Tensors

/// The big buffers of a worker for a generator beside the network.
final class GeneratorBuffers {
  let generator: any Generator
  let workspace: GeneratorWorkspace
  /// What the generator learns from at a step: the batch's examples, then those that were made,
  /// with values in 0…1.
  var lessons: Batch
  /// What was made for a step, as the network takes it.
  var made: Batch
  /// Draws for each of the lessons.
  let noise: Vector

  /// - Parameters:
  ///   - capacity: Examples that a step has at most.
  ///   - made: Those that are made at most.
  init(_ generator: any Generator, capacity: Int, made: Int) {
    self.generator = generator
    workspace = generator.workspace(capacity: capacity)
    lessons = Batch(capacity: capacity, inputs: generator.inputs)
    self.made = Batch(capacity: made, inputs: generator.inputs)
    noise = Vector(count: capacity * generator.noiseCount)
  }
}
