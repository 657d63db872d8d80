import Models
import Tensors
import Testing

/// A convolutional network in double precision, place by place: slow, and too simple to be wrong.
private struct ReferenceConvolutions {
  let image: ImageShape
  let channels: [Int]
  let kernel: Int
  let layout: ParameterLayout

  func logits(_ input: [Float], _ weights: [Double]) -> [Double] {
    var (values, height, width) = (input.map(Double.init), image.height, image.width)
    var depth = image.channels
    for (index, count) in channels.enumerated() {
      let weight = layout.tensors[2 * index].offset
      let bias = layout.tensors[2 * index + 1].offset
      var next = [Double](repeating: 0, count: count * height * width)
      for o in 0..<count {
        for y in 0..<height {
          for x in 0..<width {
            var sum = weights[bias + o]
            for c in 0..<depth {
              for i in 0..<kernel {
                for j in 0..<kernel {
                  let (row, column) = (y + i - kernel / 2, x + j - kernel / 2)
                  guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
                  sum +=
                    weights[weight + ((o * depth + c) * kernel + i) * kernel + j]
                    * values[(c * height + row) * width + column]
                }
              }
            }
            next[(o * height + y) * width + x] = max(0, sum)
          }
        }
      }
      let (tall, wide) = (max(1, height / 2), max(1, width / 2))
      values = (0..<count * tall * wide).map { place in
        let (o, y, x) = (place / (tall * wide), place / wide % tall, place % wide)
        var most = -Double.infinity
        for row in 2 * y..<min(2 * y + 2, height) {
          for column in 2 * x..<min(2 * x + 2, width) {
            most = max(most, next[(o * height + row) * width + column])
          }
        }
        return most
      }
      (depth, height, width) = (count, tall, wide)
    }
    let dense = layout.tensors.count / 2 - channels.count
    for number in 0..<dense {
      let weight = layout.tensors[2 * (channels.count + number)]
      let bias = layout.tensors[2 * (channels.count + number) + 1].offset
      values = (0..<weight.shape[0]).map { unit in
        var sum = weights[bias + unit]
        for (index, value) in values.enumerated() {
          sum += weights[weight.offset + unit * values.count + index] * value
        }
        return number < dense - 1 ? max(0, sum) : sum
      }
    }
    return values
  }
}

/// What a network looks at, and how.
private struct ConvolutionShape: Sendable, CustomTestStringConvertible {
  let image: ImageShape
  let channels: [Int]
  let kernel: Int

  var testDescription: String {
    "\(image.channels)×\(image.height)×\(image.width), \(channels), \(kernel)"
  }

  /// Odd sizes, a row that pooling leaves out, colours, a kernel wider than the image, one pixel.
  static let all = [
    ConvolutionShape(image: ImageShape(height: 6, width: 6), channels: [2, 3], kernel: 3),
    ConvolutionShape(
      image: ImageShape(channels: 3, height: 5, width: 4), channels: [2], kernel: 3),
    ConvolutionShape(image: ImageShape(height: 4, width: 7), channels: [3, 2], kernel: 5),
    ConvolutionShape(
      image: ImageShape(channels: 2, height: 1, width: 3), channels: [2, 2], kernel: 5),
    ConvolutionShape(image: ImageShape(height: 3, width: 2), channels: [2], kernel: 1),
    ConvolutionShape(image: ImageShape(height: 4, width: 3), channels: [2], kernel: 2),
    ConvolutionShape(image: ImageShape(height: 2, width: 5), channels: [1], kernel: 4),
  ]
}

/// A network of some shape with random parameters and examples.
private struct ConvolutionSample {
  let image: ImageShape
  let network: ConvolutionalNetwork
  let reference: ReferenceConvolutions
  let weights: Vector
  let workspace: Workspace

  init(_ shape: ConvolutionShape) {
    image = shape.image
    network = ConvolutionalNetwork(
      image: image, channels: shape.channels, kernel: shape.kernel, hidden: [5], outputs: 4)
    reference = ReferenceConvolutions(
      image: image, channels: shape.channels, kernel: shape.kernel, layout: network.layout)
    weights = network.initialWeights(.heNormal, seed: 3)
    // Biases that are not 0 show where they are added.
    var random = RandomStream(seed: 4, purpose: .test)
    for index in 0..<weights.count { weights[index] += Float(random.uniform(in: -0.1...0.1)) }
    workspace = Workspace(model: network, capacity: 2)
  }

  func logits(of batch: Batch) -> [Float] {
    network.logits(of: batch, at: weights.base, using: workspace)
  }

  func batch(_ ranges: [Range<Int>] = [0..<4, 1..<3, 0..<4]) -> Batch {
    var batch = Batch(capacity: ranges.count, inputs: image.count)
    var random = RandomStream(seed: 5, purpose: .test)
    for range in ranges {
      let row = batch.append(
        label: range.lowerBound + random.index(below: range.count), active: range)
      for index in 0..<image.count { row[index] = Float(random.uniform(in: -1...1)) }
    }
    return batch
  }

  /// One example of a batch, perhaps with another label.
  func single(_ example: Int, of batch: Batch, label: Int? = nil) -> Batch {
    var single = Batch(capacity: 1, inputs: image.count)
    let row = single.append(
      label: label ?? batch.labels[example], active: batch.active[example])
    for index in 0..<image.count { row[index] = batch.inputs[example * image.count + index] }
    return single
  }

  func gradient(of batch: Batch) -> [Float] {
    let gradient = Vector(repeating: .nan, count: network.layout.count)
    _ = network.gradient(
      of: batch, at: weights.base, into: gradient.base, using: workspace)
    return gradient.array
  }

  func importance(_ estimator: any ImportanceEstimator, of batch: Batch) -> [Float] {
    let sum = Vector(count: network.layout.count)
    var draws = RandomStream(seed: 1, purpose: .fisherLabel)
    estimator.add(
      batch, of: network, at: weights.base, to: sum.base, using: workspace, draws: &draws)
    return sum.array
  }
}

@Suite struct `Convolutional network` {
  @Test(arguments: ConvolutionShape.all)
  private func `computes what its definition says`(shape: ConvolutionShape) {
    let sample = ConvolutionSample(shape)
    let batch = sample.batch()
    let logits = sample.logits(of: batch)
    let expected = (0..<batch.count).flatMap { example in
      sample.reference.logits(
        (0..<sample.image.count).map { batch.inputs[example * sample.image.count + $0] },
        sample.weights.array.map(Double.init))
    }
    expectClose(logits, expected, relative: 1e-5)
  }

  @Test(arguments: ConvolutionShape.all)
  private func `has the gradient that differences give`(shape: ConvolutionShape) {
    let sample = ConvolutionSample(shape)
    let batch = sample.batch()
    let weights = sample.weights.array.map(Double.init)
    let inputs = (0..<batch.count).map { example in
      (0..<sample.image.count).map { batch.inputs[example * sample.image.count + $0] }
    }
    func loss(_ weights: [Double]) -> Double {
      var sum = 0.0
      for (example, input) in inputs.enumerated() {
        let scores = sample.reference.logits(input, weights)[batch.active[example]]
        let total = scores.reduce(0) { $0 + exponential($1) }
        sum += logarithm(total) - scores[batch.labels[example]]
      }
      return sum / Double(batch.count)
    }
    let step = 1e-6
    let expected = weights.indices.map { index in
      var (above, below) = (weights, weights)
      above[index] += step
      below[index] -= step
      return (loss(above) - loss(below)) / (2 * step)
    }
    expectClose(sample.gradient(of: batch), expected, relative: 2e-3)
  }

  @Test(arguments: ConvolutionShape.all)
  private func `has the Fisher information of a loop over examples`(shape: ConvolutionShape) {
    let sample = ConvolutionSample(shape)
    let batch = sample.batch()
    var (empirical, exact) = (
      [Double](repeating: 0, count: sample.network.layout.count),
      [Double](repeating: 0, count: sample.network.layout.count)
    )
    for example in 0..<batch.count {
      for (index, value) in sample.gradient(of: sample.single(example, of: batch)).enumerated() {
        empirical[index] += Double(value) * Double(value)
      }
      let scores = sample.logits(of: sample.single(example, of: batch))
      let active = batch.active[example]
      let total = scores[active].reduce(0) { $0 + exponential(Double($1)) }
      for label in active {
        let p = exponential(Double(scores[label])) / total
        let gradient = sample.gradient(of: sample.single(example, of: batch, label: label))
        for (index, value) in gradient.enumerated() {
          exact[index] += p * Double(value) * Double(value)
        }
      }
    }
    expectClose(sample.importance(FisherInformation.empirical, of: batch), empirical)
    expectClose(sample.importance(FisherInformation.exact, of: batch), exact, relative: 1e-3)
  }

  @Test(arguments: ConvolutionShape.all)
  private func `sums the magnitudes of each example's own sensitivity`(shape: ConvolutionShape) {
    let sample = ConvolutionSample(shape)
    let batch = sample.batch()
    let parts = (0..<batch.count).map {
      sample.importance(OutputSensitivity(), of: sample.single($0, of: batch))
    }
    let expected = parts[0].indices.map { index in
      parts.reduce(0) { $0 + Double($1[index]) }
    }
    expectClose(sample.importance(OutputSensitivity(), of: batch), expected)
    #expect(expected.contains { $0 > 0 })
  }

  @Test func `names its tensors as PyTorch does`() {
    let network = ConvolutionalNetwork(
      image: ImageShape(channels: 3, height: 28, width: 28), outputs: 10)
    #expect(
      network.layout.tensors.map { "\($0.name) \($0.shape)" } == [
        "conv1.weight [8, 3, 5, 5]", "conv1.bias [8]", "conv2.weight [16, 8, 5, 5]",
        "conv2.bias [16]", "layer1.weight [100, 784]", "layer1.bias [100]",
        "layer2.weight [10, 100]", "layer2.bias [10]",
      ])
  }

  @Test func `passes on what is not a number`() {
    let sample = ConvolutionSample(ConvolutionShape.all[0])
    let batch = sample.batch([0..<4])
    batch.inputs[7] = .nan
    #expect(sample.gradient(of: batch).contains { $0.isNaN })
  }

  /// One pixel a kernel, weight 1, and an output unit that repeats what is pooled.
  @Test func `pools the largest of four, and what is not a number before any number`() {
    let image = ImageShape(height: 3, width: 5)
    let network = ConvolutionalNetwork(
      image: image, channels: [1], kernel: 1, hidden: [], outputs: 2)
    // conv1: weight, bias; layer1: two units of two inputs, two biases.
    let weights = Vector([1, 0, 1, 0, 0, 1, 0, 0])
    let workspace = Workspace(model: network, capacity: 1)
    func pooled(_ values: [Float]) -> [Float] {
      var batch = Batch(capacity: 1, inputs: image.count)
      let row = batch.append(label: 0, active: 0..<2)
      for (index, value) in values.enumerated() { row[index] = value }
      return network.logits(of: batch, at: weights.base, using: workspace)
    }
    // The fifth column and the third row have no partner.
    let values: [Float] = [1, 4, 7, 6, 99, 3, 2, 5, 8, 99, 99, 99, 99, 99, 99]
    #expect(pooled(values) == [4, 8])
    for place in [0, 1, 5, 6] {
      var broken = values
      broken[place] = .nan
      #expect(pooled(broken)[0].isNaN)
    }
  }
}
