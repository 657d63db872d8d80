import Experiments
import Methods
import Models
import Roles
import Streams
import Tensors
import Updates

extension WorkerState {
  /// The mean gradient of this worker's part of what is kept, at the bench's weights.
  ///
  /// - Parameters:
  ///   - memories: The finished stages that it is of.
  ///   - stage: The one under way.
  ///   - step: Of that stage.
  func reference(
    to memories: [Int], stage: Int, step: Int, on bench: NodeBuffers
  ) -> OrderResult {
    guard let source = blueprint.experiment.method.value.references?.source else {
      return .failed(reason: "this worker keeps nothing of finished tasks")
    }
    let phase = blueprint.phase(of: stage, rank: rank)
    let own = bench.kept(before: phase, source, of: blueprint, stages: memories, at: step)
      .filter { $0.owner == rank }.map(\.example)
    guard !own.isEmpty else { return .reference(nil, exampleCount: 0) }
    let count = bench.weights.count
    let pieces = own.indices.pieces(of: sliceCountMaximum)
    // What makes examples has no part in it.
    let result = Vector(count: count)
    let part = pieces.count > 1 ? Vector(count: count) : result
    for (index, piece) in pieces.enumerated() {
      bench.slice.removeAll()
      for example in own[piece] {
        blueprint.write(
          example, to: &bench.slice, noise: noise,
          units: blueprint.units(of: example, during: stage))
      }
      _ = blueprint.model.gradient(
        of: bench.slice, at: bench.weights.base, into: part.base, using: bench.workspace)
      guard pieces.count > 1 else { break }
      WeightedMean.enter(
        part.base, Float(piece.count) / Float(own.count), isFirst: index == 0,
        into: result.base, count: count)
    }
    return .reference(.here(result.view), exampleCount: own.count)
  }
}
