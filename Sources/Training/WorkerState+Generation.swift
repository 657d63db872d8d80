import Experiments
import Methods
import Models
import Roles
import Streams
import Tensors

extension WorkerState {
  /// Begins with what is made in the phase of a stage.
  private mutating func remake(stage: Int) {
    let phase = blueprint.phase(of: stage, rank: rank)
    guard remaking?.phase != phase else { return }
    remaking = teacher.flatMap { teacher in
      teacher.phase == phase
        ? blueprint.remaking(in: phase, during: stage, teacher: teacher.weights) : nil
    }
  }

  /// Makes this worker's part of what comes back of finished stages at a step, as the network takes
  /// it.
  ///
  /// Draws are keyed by the number of the example among those of all workers, so that any number of
  /// workers makes the same ones.
  ///
  /// - Parameter allOld: Kept examples of all workers that come back at the step.
  /// - Returns: How much what was made counts; `nil` where nothing is.
  mutating func make(
    stage: Int, step: Int, beside allOld: Int, on bench: NodeBuffers
  ) -> Made? {
    guard let making = bench.making else { return nil }
    making.made.removeAll()
    remake(stage: stage)
    guard let remaking, let teacher else { return nil }
    let numbers = remaking.numbers(at: step, of: rank)
    if !numbers.isEmpty {
      let count = making.generator.noiseCount
      for (place, number) in numbers.enumerated() {
        draw(
          .generation, number, remaking.phase, step, count,
          into: making.noise.base + place * count)
      }
      let values = making.generator.samples(
        numbers.count, from: making.noise.base,
        at: teacher.weights.base + blueprint.model.layout.count, using: making.workspace)
      let (known, units) = (remaking.targets.groups[0].known, remaking.targets.groups[0].units)
      let inputs = making.generator.inputs
      for place in 0..<numbers.count {
        let row = making.made.append(label: known.lowerBound, active: units)
        blueprint.normalize(values + place * inputs, count: inputs, into: row)
      }
    }
    activity?.generatedCount += numbers.count
    // The frozen generator makes each of them, and the frozen network labels it.
    activity?.frozenCount += 2 * numbers.count
    return remaking.factors(
      at: step, real: bench.batch.count, made: numbers.count, allOld: allOld)
  }

  /// Adds what the network learns from examples that were made, and writes what the generator
  /// learns.
  ///
  /// - Parameters:
  ///   - factors: By example of the batch, what its loss is multiplied by; `nil` for the mean.
  ///   - made: How much what was made counts; `nil` where nothing is.
  ///   - gradient: The network's part is added to, the generator's is overwritten.
  /// - Returns: The network's loss on what was made.
  func learnMade(
    stage: Int, step: Int, factors: [Float]?, _ made: Made?, into gradient: Vector,
    on bench: NodeBuffers
  ) -> Double {
    guard let making = bench.making else { return 0 }
    let own = blueprint.model.layout.count
    let tail = gradient.base + own
    tail.update(repeating: 0, count: gradient.count - own)
    guard bench.exampleCount > 0 else { return 0 }
    let madeFactors = Array(repeating: made?.made ?? 0, count: making.made.count)
    var loss = 0.0
    if let remaking, !madeFactors.isEmpty {
      loss = blueprint.model.addGradient(
        of: making.made, factors: madeFactors, targets: remaking.targets,
        at: bench.weights.base, to: gradient.base, using: bench.workspace)
    }
    fillLessons(stage: stage, step: step, on: bench, making)
    let count = bench.batch.count
    let real = factors ?? Array(repeating: 1 / Float(max(1, count)), count: count)
    _ = making.generator.addGradient(
      of: making.lessons, factors: real + madeFactors, noise: making.noise.base,
      at: bench.weights.base + own, to: tail, using: making.workspace)
    return loss
  }

  /// Fills in what the generator learns from at a step, with its draws: those of a real example are
  /// keyed by what it is, whoever has it.
  private func fillLessons(
    stage: Int, step: Int, on bench: NodeBuffers, _ making: GeneratorBuffers
  ) {
    making.lessons.removeAll()
    let (inputs, count) = (making.generator.inputs, making.generator.noiseCount)
    let phase = blueprint.phase(of: stage, rank: rank)
    let numbers = remaking?.numbers(at: step, of: rank) ?? 0..<0
    for (batch, keys, purpose) in [
      (bench.batch, bench.examples.map(\.index), RandomPurpose.encodingNoise),
      (making.made, Array(numbers), .generatedNoise),
    ] {
      for (place, key) in keys.enumerated() {
        let noise = making.noise.base + making.lessons.count * count
        draw(purpose, key, phase, step, count, into: noise)
        let row = making.lessons.append(label: 0, active: 0..<1)
        blueprint.denormalize(batch.inputs.base + place * inputs, count: inputs, into: row)
      }
    }
  }

  /// Standard normal draws for an example of a step.
  private func draw(
    _ purpose: RandomPurpose, _ number: Int, _ phase: Int, _ step: Int, _ count: Int,
    into row: UnsafeMutablePointer<Float>
  ) {
    // After 4,096 phases, or beyond a million examples, draws repeat: no harm is done.
    var random = RandomStream(
      seed: blueprint.experiment.seed, purpose: purpose,
      node: (phase & 0xFFF) << 20 | number & 0xFFFFF, step: step)
    for index in 0..<count { row[index] = Float(random.normal()) }
  }
}
