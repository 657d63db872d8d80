import Models
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The same network in double precision, an example at a time, and derivatives by differences:
/// slow, and too simple to be wrong.
struct ReferenceNetwork {
  let model: MultilayerPerceptron

  /// Scores of all output units.
  func logits(_ input: [Float], _ weights: [Double]) -> [Double] {
    var values = input.map(Double.init)
    for layer in 1..<model.widths.count {
      let weight = model.layout.tensors[2 * (layer - 1)]
      let bias = model.layout.tensors[2 * (layer - 1) + 1]
      var next: [Double] = []
      for unit in 0..<model.widths[layer] {
        var sum = weights[bias.offset + unit]
        for (index, value) in values.enumerated() {
          sum += weights[weight.offset + unit * values.count + index] * value
        }
        next.append(layer < model.widths.count - 1 ? max(0, sum) : sum)
      }
      values = next
    }
    return values
  }

  /// log p of every unit of a range, softmax over that range.
  func logProbabilities(
    _ input: [Float], _ active: Range<Int>, _ weights: [Double]
  ) -> [Double] {
    let scores = logits(input, weights)[active]
    let top = scores.max()!
    let total = scores.reduce(0) { $0 + exp($1 - top) }
    return scores.map { $0 - top - log(total) }
  }
}

/// Central differences of a function of all parameters.
func centralDifferences(at weights: [Double], of function: ([Double]) -> Double) -> [Double] {
  let step = 1e-5
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

/// A network, parameters and labelled examples small enough for differences.
struct Sample {
  let model: MultilayerPerceptron
  let weights: Vector
  var batch: Batch
  let workspace: Workspace

  /// - Parameter ranges: The active units of each example; labels are drawn from them.
  init(
    inputs: Int = 4, hidden: [Int], outputs: Int = 6, ranges: [Range<Int>], seed: UInt64
  ) {
    model = MultilayerPerceptron(inputs: inputs, hidden: hidden, outputs: outputs)
    weights = model.initialWeights(.pytorch, seed: seed)
    // Larger than usual, so that probabilities are uneven.
    Kernels.scale(weights.base, by: 2, count: weights.count)
    batch = Batch(capacity: ranges.count, inputs: inputs)
    workspace = Workspace(model: model, capacity: ranges.count)
    var random = RandomStream(seed: seed, purpose: .test)
    for range in ranges {
      let row = batch.append(
        label: range.lowerBound + random.index(below: range.count), active: range)
      for index in 0..<inputs { row[index] = Float(random.uniform(in: -2...2)) }
    }
  }

  var reference: ReferenceNetwork { ReferenceNetwork(model: model) }
  var doubleWeights: [Double] { weights.array.map(Double.init) }

  func input(_ example: Int) -> [Float] {
    (0..<model.inputs).map { batch.inputs[example * model.inputs + $0] }
  }

  /// The examples at some places as a batch of their own.
  func part(_ places: Range<Int>) -> Batch {
    var part = Batch(capacity: places.count, inputs: model.inputs)
    for place in places {
      let row = part.append(label: batch.labels[place], active: batch.active[place])
      for (index, value) in input(place).enumerated() { row[index] = value }
    }
    return part
  }

  func gradient(of batch: Batch) -> [Float] {
    // What was there before must not matter.
    let gradient = Vector(repeating: .nan, count: model.layout.count)
    _ = model.gradient(of: batch, at: weights.base, into: gradient.base, using: workspace)
    return gradient.array
  }

  func fisher(_ estimator: FisherInformation, slices: [Range<Int>]? = nil, seed: UInt64 = 1)
    -> [Float]
  {
    let sum = Vector(count: model.layout.count)
    var draws = RandomStream(seed: seed, purpose: .fisherLabel)
    for slice in slices ?? [0..<batch.count] {
      estimator.add(
        part(slice), of: model, at: weights.base, to: sum.base, using: workspace, draws: &draws)
    }
    return sum.array
  }

  func sensitivity(
    _ estimator: any ImportanceEstimator = OutputSensitivity(), slices: [Range<Int>]? = nil
  ) -> [Float] {
    let sum = Vector(count: model.layout.count)
    var draws = RandomStream(seed: 1, purpose: .test)
    for slice in slices ?? [0..<batch.count] {
      estimator.add(
        part(slice), of: model, at: weights.base, to: sum.base, using: workspace, draws: &draws)
    }
    return sum.array
  }
}

/// Heads of different sizes, one class alone, and the whole layer, mixed.
let mixedRanges: [Range<Int>] = [0..<2, 2..<6, 0..<6, 3..<4, 4..<6, 1..<4]

/// Shapes of networks of one to three layers.
let shapes: [[Int]] = [[], [5], [5, 4]]

/// Compares element by element: `relative` to each value, with a floor of a millionth of the
/// largest.
func expectClose(
  _ values: [Float], _ expected: [Double], relative: Double = 2e-4,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard values.count == expected.count else {
    Issue.record("\(values.count) values for \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  let largest = expected.map(abs).max() ?? 0
  for (index, (value, target)) in zip(values, expected).enumerated() {
    // Written so that a NaN is an issue.
    if !(abs(Double(value) - target) <= relative * abs(target) + 1e-6 * largest) {
      Issue.record("[\(index)] is \(value), not \(target)", sourceLocation: sourceLocation)
      return
    }
  }
}

func expectClose(
  _ values: [Float], _ expected: [Float], relative: Double = 2e-4,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    values, expected.map(Double.init), relative: relative, sourceLocation: sourceLocation)
}

func exponential(_ x: Double) -> Double { exp(x) }

func logarithm(_ x: Double) -> Double { log(x) }
