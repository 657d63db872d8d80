public import Settings
public import Tensors

/// A small convolutional network: convolutions whose outputs are rectified and halved in size by
/// pooling, hidden layers, and raw scores (logits) at its output.
///
/// Convolutions pad with zeros, so that only pooling changes the size of an image.
public struct ConvolutionalNetwork: LayeredNetwork {
  /// Its tensors are `conv1.weight` [out, in, kernel, kernel], `conv1.bias` [out], `conv2.weight`,
  /// …, `layer1.weight` [out, in], `layer1.bias`, …: PyTorch's order and orientation.
  let stack: LayerStack

  /// - Parameters:
  ///   - image: What an example is: channels × height × width, each ≥ 1.
  ///   - channels: Channels after each convolution, each ≥ 1.
  ///   - kernel: Side of the square that a convolution looks at, ≥ 1; where it is even, by one
  ///     value more above and to the left.
  ///   - hidden: Widths of the hidden layers, each ≥ 1.
  ///   - outputs: Output units of all heads together, ≥ 1.
  public init(
    image: ImageShape, channels: [Int] = [8, 16], kernel: Int = 5, hidden: [Int] = [100],
    outputs: Int
  ) {
    var layers: [(name: String, layer: any Layer)] = []
    var shape = image
    for (index, count) in channels.enumerated() {
      let convolution = ConvolutionLayer(image: shape, channels: count, kernel: kernel)
      let pooling = PoolingLayer(image: convolution.result)
      layers.append((name: "conv\(index + 1)", layer: convolution))
      layers.append((name: "pool\(index + 1)", layer: pooling))
      shape = pooling.result
    }
    let widths = [shape.count] + hidden + [outputs]
    precondition(widths.allSatisfy { $0 >= 1 }, "every layer needs a unit")
    for number in 1..<widths.count {
      let layer = DenseLayer(
        inputs: widths[number - 1], outputs: widths[number],
        isRectified: number < widths.count - 1)
      layers.append((name: "layer\(number)", layer: layer))
    }
    stack = LayerStack(layers)
  }
}

/// A ``ConvolutionalNetwork`` by its channels, kernel and hidden layers.
public struct Convolutions: NetworkKind {
  public static let name = "conv"
  public static let keys: [Key<Convolutions>] = [
    .integers(
      "channels", \.channels, 1...10_000,
      "Channels after each convolution (ReLU), which is followed by pooling of 2x2."),
    .integer("kernel", \.kernel, 1...99, "Side of the square that a convolution looks at."),
    .integers(
      "hidden", \.hidden, 1...100_000,
      "Widths of the hidden layers (ReLU) after the convolutions; an empty list has none."),
  ]

  /// Channels after each convolution, each ≥ 1.
  public var channels = [8, 16]
  /// Side of the square that a convolution looks at, ≥ 1.
  public var kernel = 5
  /// Widths of the hidden layers, each ≥ 1.
  public var hidden = [100]

  /// Two convolutions of 8 and 16 channels and a hidden layer of a hundred units.
  public init() {}

  /// The network for images of a shape.
  public func network(for example: ImageShape, outputs: Int) -> any Network {
    ConvolutionalNetwork(
      image: example, channels: channels, kernel: kernel, hidden: hidden, outputs: outputs)
  }
}

/// A convolution with a square kernel, stride 1 and zeros around the image, so that the size stays.
///
/// For each example the patches under the kernel become the columns of a matrix, and the layer one
/// matrix product. Weights are shared by all places of an image, so that squares of an example's
/// derivative need its sum over places first: a product of its own for each row.
private struct ConvolutionLayer: Layer, Hashable {
  let image: ImageShape
  let channels: Int
  let kernel: Int
  let isRectified = true

  init(image: ImageShape, channels: Int, kernel: Int) {
    precondition(channels >= 1 && kernel >= 1, "a convolution has a kernel and a channel")
    self.image = image
    self.channels = channels
    self.kernel = kernel
  }

  /// What comes out.
  var result: ImageShape {
    ImageShape(channels: channels, height: image.height, width: image.width)
  }
  var inputs: Int { image.count }
  var outputs: Int { result.count }
  var tensors: [(name: String, shape: [Int])] {
    [
      (name: "weight", shape: [channels, image.channels, kernel, kernel]),
      (name: "bias", shape: [channels]),
    ]
  }
  var fanIn: Int { patchCount }
  var fanOut: Int { channels * kernel * kernel }

  /// Values under the kernel.
  private var patchCount: Int { image.channels * kernel * kernel }
  private var biasOffset: Int { channels * patchCount }

  func forward(
    _ x: UnsafePointer<Float>, count: Int, units: Range<Int>, at weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    let patches = workspace.spare.0.reserve(patchCount * image.area)
    for example in 0..<count {
      writePatches(of: x + example * inputs, to: patches)
      let output = y + example * outputs
      for channel in 0..<channels {
        (output + channel * image.area).update(
          repeating: weights[biasOffset + channel], count: image.area)
      }
      multiply(
        rows: channels, columns: image.area, inner: patchCount, weights, .asStored, patches,
        .asStored, beta: 1, into: output)
    }
  }

  func addGradient(
    of delta: UnsafePointer<Float>, count: Int, units: Range<Int>, input x: UnsafePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    let patches = workspace.spare.0.reserve(patchCount * image.area)
    for example in 0..<count {
      writePatches(of: x + example * inputs, to: patches)
      addDerivative(of: delta + example * outputs, patches, to: gradient)
    }
  }

  func addMoments(
    _ moment: Moment, of delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    let patches = workspace.spare.0.reserve(patchCount * image.area)
    let derivative = workspace.spare.1.reserve(parameterCount)
    delta.forEach(columns: outputs) { example, row, count in
      guard count > 0 else { return }
      writePatches(of: x + example * inputs, to: patches)
      for rank in 0..<count {
        derivative.update(repeating: 0, count: parameterCount)
        addDerivative(of: row + rank * outputs, patches, to: derivative)
        moment.add(derivative, to: sum, count: parameterCount)
      }
    }
  }

  func backward(
    _ delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    at weights: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    let patches = workspace.spare.0.reserve(patchCount * image.area)
    next.update(repeating: 0, count: delta.count * inputs)
    for row in 0..<delta.count {
      multiply(
        rows: patchCount, columns: image.area, inner: channels, weights, .transposed,
        delta.base + row * outputs, .asStored, into: patches)
      addPatches(patches, to: next + row * inputs)
    }
  }

  /// Adds what one row of derivatives by the outputs gives for the parameters.
  private func addDerivative(
    of delta: UnsafePointer<Float>, _ patches: UnsafePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    multiply(
      rows: channels, columns: patchCount, inner: image.area, delta, .asStored, patches,
      .transposed, beta: 1, into: gradient)
    for channel in 0..<channels {
      gradient[biasOffset + channel] += Float(
        Kernels.sum(delta + channel * image.area, count: image.area))
    }
  }

  // MARK: Patches

  /// patches ← patch values × places; what lies outside of the image is 0.
  private func writePatches(
    of x: UnsafePointer<Float>, to patches: UnsafeMutablePointer<Float>
  ) {
    forEachSegment { patch, start, source, count in
      let row = patches + patch * image.area + start.lowerBound
      row.update(repeating: 0, count: start.count)
      if let source {
        (row + source.skipped).update(from: x + source.offset, count: count)
      }
    }
  }

  /// Adds patches back to the places that they were taken from.
  private func addPatches(
    _ patches: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>
  ) {
    forEachSegment { patch, start, source, count in
      guard let source else { return }
      let row = patches + patch * image.area + start.lowerBound + source.skipped
      Kernels.add(row, to: x + source.offset, count: count)
    }
  }

  /// Calls a function for each value under the kernel and each row of places: with the value's
  /// number, the places of the row, where the image's part of it begins (after some places outside)
  /// and how long that is; without a beginning where the row lies outside of the image.
  private func forEachSegment(
    _ body: (Int, Range<Int>, (offset: Int, skipped: Int)?, Int) -> Void
  ) {
    let (height, width, half) = (image.height, image.width, kernel / 2)
    for channel in 0..<image.channels {
      for i in 0..<kernel {
        for j in 0..<kernel {
          let patch = (channel * kernel + i) * kernel + j
          // Columns of the places whose value is in the image.
          let columns = max(0, half - j)..<max(max(0, half - j), min(width, width + half - j))
          for y in 0..<height {
            let row = y + i - half
            let places = y * width..<(y + 1) * width
            guard (0..<height).contains(row), !columns.isEmpty else {
              body(patch, places, nil, 0)
              continue
            }
            let offset = channel * image.area + row * width + columns.lowerBound + j - half
            body(patch, places, (offset, columns.lowerBound), columns.count)
          }
        }
      }
    }
  }
}

/// The largest of each square of two by two; a last row or column that has no partner is left out,
/// unless it is the only one.
private struct PoolingLayer: Layer, Hashable {
  let image: ImageShape
  let isRectified = false

  /// What comes out.
  var result: ImageShape {
    ImageShape(
      channels: image.channels, height: max(1, image.height / 2), width: max(1, image.width / 2))
  }
  var inputs: Int { image.count }
  var outputs: Int { result.count }
  var tensors: [(name: String, shape: [Int])] { [] }
  var fanIn: Int { 4 }
  var fanOut: Int { 1 }

  func forward(
    _ x: UnsafePointer<Float>, count: Int, units: Range<Int>, at weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    for example in 0..<count {
      let (input, output) = (x + example * inputs, y + example * outputs)
      forEachPlace { place, square in output[place] = input[largest(of: square, in: input)] }
    }
  }

  func addGradient(
    of delta: UnsafePointer<Float>, count: Int, units: Range<Int>, input x: UnsafePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {}

  func addMoments(
    _ moment: Moment, of delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {}

  func backward(
    _ delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    at weights: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    next.update(repeating: 0, count: delta.count * inputs)
    var target = next
    delta.forEach(columns: outputs) { example, row, count in
      let input = x + example * inputs
      forEachPlace { place, square in
        let winner = largest(of: square, in: input)
        for rank in 0..<count {
          target[rank * inputs + winner] = row[rank * outputs + place]
        }
      }
      target += count * inputs
    }
  }

  /// The places of a square: its first, and the steps to the right and down.
  private typealias Square = (first: Int, right: Int, down: Int)

  private func forEachPlace(_ body: (Int, Square) -> Void) {
    let result = result
    let right = image.width > 1 ? 1 : 0
    let down = image.height > 1 ? image.width : 0
    for channel in 0..<image.channels {
      for row in 0..<result.height {
        for column in 0..<result.width {
          let place = channel * result.area + row * result.width + column
          let first = channel * image.area + 2 * row * image.width + 2 * column
          body(place, (first, right, down))
        }
      }
    }
  }

  /// Of equal values the first; what is not a number is larger than any.
  private func largest(of square: Square, in x: UnsafePointer<Float>) -> Int {
    func larger(_ best: Int, _ place: Int) -> Int {
      x[place] > x[best] || x[place].isNaN ? place : best
    }
    var best = larger(square.first, square.first + square.right)
    best = larger(best, square.first + square.down)
    return larger(best, square.first + square.down + square.right)
  }
}
