import Testing

@testable import Models
@testable import Tensors

/// A small one with examples, draws and uneven factors.
private struct SmallAutoencoder {
  let model: VariationalAutoencoder
  let weights: Vector
  let factors: [Float] = [0.5, 2, 1]
  private(set) var batch: Batch
  let noise: Vector
  let workspace: GeneratorWorkspace
  private let hidden: [Int]

  init(hidden: [Int]) {
    self.hidden = hidden
    model = VariationalAutoencoder(inputs: 5, hidden: hidden, latents: 2)
    weights = model.initialWeights(.pytorch, seed: 3, draw: 0)
    Kernels.scale(weights.base, by: 2, count: weights.count)
    batch = Batch(capacity: 3, inputs: 5)
    noise = Vector(count: 6)
    workspace = model.workspace(capacity: 3)
    var random = RandomStream(seed: 5, purpose: .test)
    for _ in 0..<3 {
      let row = batch.append(label: 0, active: 0..<1)
      for index in 0..<5 { row[index] = random.uniform() }
    }
    // 0 and 1 are values that images are full of.
    batch.inputs[0] = 0
    batch.inputs[6] = 1
    for index in 0..<6 { noise[index] = Float(random.normal()) }
  }

  /// Gradient and loss; what there is before is added to.
  func gradient() -> (values: [Float], loss: Double) {
    let sum = Vector(repeating: 1, count: model.layout.count)
    let loss = model.addGradient(
      of: batch, factors: factors, noise: noise.base, at: weights.base, to: sum.base,
      using: workspace)
    return (sum.array.map { $0 - 1 }, loss)
  }

  /// The loss in double precision, an example at a time.
  func loss(_ weights: [Double]) -> Double {
    let encoder = MultilayerPerceptron(inputs: 5, hidden: hidden, outputs: 4)
    let decoder = MultilayerPerceptron(inputs: 2, hidden: hidden.reversed(), outputs: 5)
    let own = Array(weights[..<encoder.layout.count])
    let rest = Array(weights[encoder.layout.count...])
    return factors.indices.reduce(0.0) { sum, example in
      let x = (0..<5).map { batch.inputs[example * 5 + $0] }
      let code = ReferenceNetwork(model: encoder).logits(x, own)
      var loss = 0.0
      let z = (0..<2).map { index -> Float in
        let variance = exponential(code[2 + index])
        loss += 0.5 * (code[index] * code[index] + variance - 1 - code[2 + index])
        return Float(code[index] + variance.squareRoot() * Double(noise[example * 2 + index]))
      }
      for (wanted, logit) in zip(x, ReferenceNetwork(model: decoder).logits(z, rest)) {
        let p = 1 / (1 + exponential(-logit))
        loss -= Double(wanted) * logarithm(p) + Double(1 - wanted) * logarithm(1 - p)
      }
      return sum + Double(factors[example]) * loss / 5
    }
  }
}

@Suite struct `A variational autoencoder` {
  @Test func `counts how far latent values are from standard normal ones`() {
    #expect(VariationalAutoencoder.divergence(mean: 0, logVariance: 0) == 0)
    #expect(VariationalAutoencoder.divergence(mean: 1, logVariance: 0) == 0.5)
    // ½ (4 − 1 − log 4).
    let wide = VariationalAutoencoder.divergence(mean: 0, logVariance: logarithm(4))
    #expect(abs(wide - 0.806853) < 1e-6)
  }

  @Test(arguments: shapes)
  func `has the gradient of finite differences`(hidden: [Int]) {
    let small = SmallAutoencoder(hidden: hidden)
    let found = small.gradient()
    let weights = small.weights.array.map(Double.init)
    #expect(abs(found.loss - small.loss(weights)) < 1e-5 * found.loss)
    // Latent values go through single precision there.
    let expected = wideDifferences(at: weights) { small.loss($0) }
    let largest = expected.map(abs).max() ?? 0
    for (value, target) in zip(found.values, expected) {
      #expect(abs(Double(value) - target) < 2e-3 * largest)
    }
  }

  @Test func `makes one half of every value where its decoder is zero`() {
    let model = VariationalAutoencoder(inputs: 7, hidden: [4], latents: 3)
    let (zeros, noise) = (Vector(count: model.layout.count), Vector(repeating: 2, count: 6))
    let workspace = model.workspace(capacity: 2)
    let values = model.samples(2, from: noise.base, at: zeros.base, using: workspace)
    // They lie in the workspace.
    withExtendedLifetime(workspace) {
      #expect((0..<14).allSatisfy { values[$0] == 0.5 })
    }
  }

  @Test func `makes values between 0 and 1, the same of the same noise`() {
    let small = SmallAutoencoder(hidden: [5, 4])
    func made() -> [Float] {
      let values = small.model.samples(
        3, from: small.noise.base, at: small.weights.base, using: small.workspace)
      return (0..<15).map { values[$0] }
    }
    let first = made()
    _ = small.gradient()
    #expect(first == made() && first.allSatisfy { $0 > 0 && $0 < 1 } && Set(first).count > 3)
  }

  @Test func `names its tensors and draws both networks independently`() {
    let small = SmallAutoencoder(hidden: [5])
    #expect(
      small.model.layout.tensors.map(\.name) == [
        "encoder.layer1.weight", "encoder.layer1.bias", "encoder.layer2.weight",
        "encoder.layer2.bias", "decoder.layer1.weight", "decoder.layer1.bias",
        "decoder.layer2.weight", "decoder.layer2.bias",
      ])
    let twin = VariationalAutoencoder(inputs: 5, hidden: [5], latents: 2)
    let (one, other) = (
      twin.initialWeights(.pytorch, seed: 3, draw: 0),
      twin.initialWeights(.pytorch, seed: 3, draw: 1)
    )
    #expect(one.array != other.array)
    #expect(one.array == twin.initialWeights(.pytorch, seed: 3, draw: 0).array)
  }

  /// A step of plain descent on its own gradient, many times.
  @Test func `learns what examples are like`() {
    let small = SmallAutoencoder(hidden: [5])
    let before = small.gradient().loss
    for _ in 0..<200 {
      let step = small.gradient().values
      for index in step.indices { small.weights[index] -= 0.2 * step[index] }
    }
    #expect(small.gradient().loss < 0.9 * before)
  }
}

/// Central differences of a function that is smooth to single precision only.
private func wideDifferences(
  at weights: [Double], of function: ([Double]) -> Double
) -> [Double] {
  let step = 2e-3
  var moved = weights
  return weights.indices.map { index in
    moved[index] = weights[index] + step
    let above = function(moved)
    moved[index] = weights[index] - step
    let below = function(moved)
    moved[index] = weights[index]
    return (above - below) / (2 * step)
  }
}
