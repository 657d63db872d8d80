public import Tensors

/// A network that makes examples out of noise, and learns from examples what they are like. The
/// value holds shapes only; parameters are one flat vector that comes with every call, and so does
/// all noise.
///
/// Examples are rows of values in 0…1.
public protocol Generator: Sendable {
  /// Names the tensors of the parameter vector.
  var layout: ParameterLayout { get }
  /// Values of an example, ≥ 1.
  var inputs: Int { get }
  /// Standard normal draws that an example takes: one to be made, or one to be learned from.
  var noiseCount: Int { get }
  /// For each intermediate result: its floats for one example.
  var activationCounts: [Int] { get }

  /// Draws the parameters. Equal arguments give equal parameters on every machine, and none that
  /// depend on those of another network.
  ///
  /// - Parameters:
  ///   - seed: The experiment's seed.
  ///   - draw: Tells several generators of one experiment apart, ≥ 0.
  func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int) -> Vector

  /// Memory for one thread.
  ///
  /// - Parameter capacity: Examples in the largest batch.
  func workspace(capacity: Int) -> GeneratorWorkspace

  /// Adds the gradient of Σ_i f_i l(x_i), l the generator's loss of an example, per value.
  ///
  /// - Parameters:
  ///   - examples: At least one; their labels do not count.
  ///   - factors: By example, what its loss is multiplied by.
  ///   - noise: `noiseCount` standard normal draws an example.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, added to.
  /// - Returns: That sum.
  func addGradient(
    of examples: Batch, factors: [Float], noise: UnsafePointer<Float>,
    at weights: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>,
    using workspace: GeneratorWorkspace
  ) -> Double

  /// Makes examples.
  ///
  /// - Parameters:
  ///   - count: How many, ≥ 1, within the workspace's capacity.
  ///   - noise: `noiseCount` standard normal draws an example.
  ///   - weights: `layout.count` parameters.
  /// - Returns: count × inputs values in 0…1, which stay until the workspace is used again.
  func samples(
    _ count: Int, from noise: UnsafePointer<Float>, at weights: UnsafePointer<Float>,
    using workspace: GeneratorWorkspace
  ) -> UnsafePointer<Float>
}

/// Memory for the intermediate results of a generator, as ``Workspace`` is for one network.
public final class GeneratorWorkspace {
  /// By network that the generator has.
  let networks: [Workspace]
  /// What goes from one network into the next.
  var between: Batch

  init(networks: [Workspace], between: Batch) {
    self.networks = networks
    self.between = between
  }
}
