import CKernels
public import Tensors

/// A variational autoencoder (Kingma & Welling 2014, app. B and C): an encoder from an example x to
/// the means μ and the logarithms of the variances σ² of its latent values, and a decoder from
/// latent values z = μ + σε to the probabilities x' of an example's values.
///
/// Its loss is the cross-entropy of x' to x and the divergence of N(μ, σ²) from N(0, 1), summed
/// over values and latent values and divided by the number of values. Examples are made from
/// z ~ N(0, 1).
public struct VariationalAutoencoder: Generator {
  /// Latent values, ≥ 1.
  public let latents: Int
  /// Its outputs are the means, then the logarithms of the variances.
  private let encoder: MultilayerPerceptron
  private let decoder: MultilayerPerceptron
  /// The encoder's tensors, then the decoder's: `encoder.layer1.weight`, ….
  public let layout: ParameterLayout

  /// - Parameters:
  ///   - inputs: Values of an example, ≥ 1.
  ///   - hidden: Widths of the encoder's hidden layers, each ≥ 1; the decoder's are the reverse.
  ///   - latents: ≥ 1.
  public init(inputs: Int, hidden: [Int], latents: Int) {
    self.latents = latents
    encoder = MultilayerPerceptron(inputs: inputs, hidden: hidden, outputs: 2 * latents)
    decoder = MultilayerPerceptron(inputs: latents, hidden: hidden.reversed(), outputs: inputs)
    layout = ParameterLayout(
      [("encoder", encoder), ("decoder", decoder)].flatMap { name, network in
        network.layout.tensors.map { (name: "\(name).\($0.name)", shape: $0.shape) }
      })
  }

  /// Values of an example.
  public var inputs: Int { encoder.inputs }
  /// A draw for each latent value.
  public var noiseCount: Int { latents }
  /// Intermediate results of both networks, the outputs of both, and the latent values.
  public var activationCounts: [Int] {
    encoder.activationCounts + [encoder.outputs, latents] + decoder.activationCounts
      + [decoder.outputs]
  }

  /// Where the decoder's parameters begin.
  private var decoderOffset: Int { encoder.layout.count }

  /// Draws encoder and decoder independently.
  public func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int) -> Vector {
    let (first, second) = (
      encoder.stack.initialWeights(
        rule, seed: seed, purpose: .encoderInitialization, draw: draw),
      decoder.stack.initialWeights(
        rule, seed: seed, purpose: .decoderInitialization, draw: draw)
    )
    return Vector(joining: [first.view, second.view])
  }

  /// Memory for both networks.
  public func workspace(capacity: Int) -> GeneratorWorkspace {
    GeneratorWorkspace(
      networks: [encoder, decoder].map { Workspace(model: $0, capacity: capacity) },
      between: Batch(capacity: capacity, inputs: latents))
  }

  /// KL(N(μ, σ²) ‖ N(0, 1)) = ½ (μ² + σ² − 1 − log σ²) of one latent value, natural logarithm.
  static func divergence(mean: Double, logVariance: Double) -> Double {
    0.5 * (mean * mean + hebb_exp(logVariance) - 1 - logVariance)
  }

  /// Goes through encoder and decoder up and down.
  public func addGradient(
    of examples: Batch, factors: [Float], noise: UnsafePointer<Float>,
    at weights: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>,
    using workspace: GeneratorWorkspace
  ) -> Double {
    precondition(factors.count == examples.count, "every example has a factor")
    let count = examples.count
    let (first, second) = (workspace.networks[0], workspace.networks[1])
    let pass = Pass(
      encoder, examples, 0..<count, units: 0..<encoder.outputs, at: weights, using: first)
    let code = encoder.forward(pass)
    let drawn = begin(count, in: workspace)
    for example in 0..<count {
      let (row, z) = (code + example * 2 * latents, drawn + example * latents)
      let epsilon = noise + example * latents
      for index in 0..<latents {
        z[index] = row[index] + hebb_expf(0.5 * row[latents + index]) * epsilon[index]
      }
    }
    let back = Pass(
      decoder, workspace.between, 0..<count, units: 0..<inputs, at: weights + decoderOffset,
      using: second)
    let logits = decoder.forward(back)
    var loss = replaceByRows(logits, of: pass.inputs, factors: factors)
    // What the decoder says of its inputs takes their place: they are not needed any more.
    let slopes = second.spare.0.reserve(count * latents)
    decoder.addGradient(of: logits, in: back, to: gradient + decoderOffset, inputs: slopes)
    loss += replaceByRows(code, slopes: slopes, noise: noise, factors: factors)
    encoder.addGradient(of: code, in: pass, to: gradient)
    return loss
  }

  /// Makes room for latent values.
  private func begin(
    _ count: Int, in workspace: GeneratorWorkspace
  ) -> UnsafeMutablePointer<Float> {
    workspace.between.removeAll()
    for _ in 0..<count { _ = workspace.between.append(label: 0, active: 0..<inputs) }
    return workspace.between.inputs.base
  }

  /// Replaces the decoder's logits a by the derivatives of Σ_i f_i/D Σ_d of the cross-entropies
  /// log(1 + e^a) − x a by them: f/D (x' − x).
  ///
  /// - Returns: That sum.
  private func replaceByRows(
    _ logits: UnsafeMutablePointer<Float>, of wanted: UnsafePointer<Float>, factors: [Float]
  ) -> Double {
    var loss = 0.0
    for (example, factor) in factors.enumerated() {
      let (row, x) = (logits + example * inputs, wanted + example * inputs)
      let share = factor / Float(inputs)
      var sum: Float = 0
      for index in 0..<inputs {
        let a = row[index]
        // The exponential of what is not positive is no more than 1.
        let power = hebb_expf(-a.magnitude)
        let likely = 1 / (1 + power)
        sum += max(a, 0) - x[index] * a - hebb_logf(likely)
        row[index] = share * ((a >= 0 ? likely : power * likely) - x[index])
      }
      loss += Double(share) * Double(sum)
    }
    return loss
  }

  /// Replaces means and logarithms of variances by the derivatives of the whole loss by them.
  ///
  /// - Parameter slopes: Derivatives of the first part by the latent values.
  /// - Returns: Σ_i f_i/D KL_i.
  private func replaceByRows(
    _ code: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>,
    noise: UnsafePointer<Float>, factors: [Float]
  ) -> Double {
    var loss = 0.0
    for (example, factor) in factors.enumerated() {
      let row = code + example * 2 * latents
      let (slope, epsilon) = (slopes + example * latents, noise + example * latents)
      let share = factor / Float(inputs)
      for index in 0..<latents {
        let (mean, logVariance) = (row[index], row[latents + index])
        let deviation = hebb_expf(0.5 * logVariance)
        loss +=
          Double(share)
          * Self.divergence(mean: Double(mean), logVariance: Double(logVariance))
        row[index] = slope[index] + share * mean
        row[latents + index] =
          0.5 * slope[index] * epsilon[index] * deviation
          + 0.5 * share * (deviation * deviation - 1)
      }
    }
    return loss
  }

  /// The probabilities that the decoder gives, not drawn from.
  public func samples(
    _ count: Int, from noise: UnsafePointer<Float>, at weights: UnsafePointer<Float>,
    using workspace: GeneratorWorkspace
  ) -> UnsafePointer<Float> {
    let z = begin(count, in: workspace)
    z.update(from: noise, count: count * latents)
    let pass = Pass(
      decoder, workspace.between, 0..<count, units: 0..<inputs, at: weights + decoderOffset,
      using: workspace.networks[1])
    let values = decoder.forward(pass)
    for index in 0..<count * inputs {
      let power = hebb_expf(-values[index].magnitude)
      values[index] = (values[index] >= 0 ? 1 : power) / (1 + power)
    }
    return UnsafePointer(values)
  }
}
