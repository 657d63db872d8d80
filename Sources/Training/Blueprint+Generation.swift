import Experiments
import Methods
import Models
import Streams
public import Tensors

extension Blueprint {
  /// What is made in a phase; `nil` where nothing is: before anything is finished, and where all
  /// that is finished is under way again.
  ///
  /// - Parameters:
  ///   - stage: The one under way.
  ///   - teacher: The weights with which the phase began.
  func remaking(in phase: Int, during stage: Int, teacher: Vector) -> Remaking? {
    guard let generation = experiment.method.value.generation, phase > 0 else { return nil }
    let current = Set(stages(of: phase).compactMap(\.self))
    let finished = finishedStages(before: phase)
    let share = generation.newShare(
      current: current.count, finished: finished.count { !current.contains($0) })
    guard share < 1 else { return nil }
    // Every task counts alike, and all together once.
    let tasks = finished.reduce(0) { $0 + stages[$1].tasks.count }
    let isHard = generation.labels == .hard
    let temperature = isHard ? 1 : generation.temperature
    let answers = Distillation(
      temperature: temperature, weight: temperature * temperature / Double(tasks), units: .seen)
    return Remaking(
      phase: phase, share: share, new: NewExamples(self, phase: phase),
      targets: SoftTargets(
        weights: teacher, temperature: Float(temperature),
        groups: distilledGroups(of: answers, before: phase, during: stage), isHard: isHard))
  }

  /// From values in 0…1 to inputs of the network.
  func normalize(
    _ values: UnsafePointer<Float>, count: Int, into row: UnsafeMutablePointer<Float>
  ) {
    let (mean, scale) = (Float(experiment.data.mean), 1 / Float(experiment.data.deviation))
    for index in 0..<count { row[index] = (values[index] - mean) * scale }
  }

  /// From inputs of the network to values in 0…1, which noise may have left.
  func denormalize(
    _ inputs: UnsafePointer<Float>, count: Int, into row: UnsafeMutablePointer<Float>
  ) {
    let (mean, scale) = (Float(experiment.data.mean), Float(experiment.data.deviation))
    for index in 0..<count { row[index] = min(1, max(0, scale * inputs[index] + mean)) }
  }

  /// Examples that the generator makes at some weights, always from the same draws; `nil` where
  /// there is no generator, and where examples are no images.
  ///
  /// - Parameters:
  ///   - count: How many, ≥ 1.
  ///   - weights: All parameters.
  /// - Returns: The shape of an image, and `count` of them one after another, with values in 0…1.
  public func madeExamples(
    _ count: Int, at weights: Vector
  ) -> (shape: ImageShape, values: [Float])? {
    guard let generator = frame.generator, stream.data.train.shape != nil,
      weights.count == layout.count
    else { return nil }
    var random = RandomStream(seed: experiment.seed, purpose: .generatorSamples)
    let noise = Vector(count: count * generator.noiseCount)
    for index in 0..<noise.count { noise[index] = Float(random.normal()) }
    let workspace = generator.workspace(capacity: count)
    return withExtendedLifetime((noise, workspace)) {
      let values = generator.samples(
        count, from: noise.base, at: weights.base + model.layout.count, using: workspace)
      let elements = UnsafeBufferPointer(start: values, count: count * generator.inputs)
      return (stream.example, Array(elements))
    }
  }
}
