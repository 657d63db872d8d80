import Tensors

/// A network whose layers follow one after another.
protocol LayeredNetwork: LocalNetwork {
  var stack: LayerStack { get }
}

extension LayeredNetwork {
  /// All layers' tensors, one layer after another.
  public var layout: ParameterLayout { stack.layout }
  /// What goes into the first layer.
  public var inputs: Int { stack.layers[0].inputs }
  /// What comes out of the last layer.
  public var outputs: Int { stack.layers[stack.layers.count - 1].outputs }
  /// The outputs of all layers but the last.
  public var activationCounts: [Int] { stack.layers.dropLast().map(\.outputs) }

  /// Goes from layer to layer.
  public func forward(_ pass: Pass) -> UnsafeMutablePointer<Float> { stack.forward(pass) }

  /// Goes from the last layer to the first: three matrix products a layer with those of the way up,
  /// two for the first; allocates nothing.
  public func addGradient(
    of rows: UnsafeMutablePointer<Float>, in pass: Pass, to gradient: UnsafeMutablePointer<Float>
  ) {
    addGradient(of: rows, in: pass, to: gradient, inputs: nil)
  }

  /// Adds every parameter's derivative, and writes the derivatives by what went in.
  ///
  /// - Parameter inputs: Takes these, examples × inputs; they are not computed for `nil`.
  func addGradient(
    of rows: UnsafeMutablePointer<Float>, in pass: Pass, to gradient: UnsafeMutablePointer<Float>,
    inputs: UnsafeMutablePointer<Float>?
  ) {
    let rows = Rows(rows, exampleCount: pass.examples.count)
    stack.descend(with: rows, in: pass, to: inputs) { layer, offset, delta, units, input in
      layer.addGradient(
        of: delta.base, count: delta.count, units: units, input: input, to: gradient + offset,
        using: pass.workspace)
    }
  }

  /// Goes from the last layer to the first.
  public func addMoments(
    _ moment: Moment, of rows: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>
  ) {
    guard rows.count > 0 else { return }
    stack.descend(with: rows, in: pass) { layer, offset, delta, units, input in
      layer.addMoments(
        moment, of: delta, units: units, input: input, to: sum + offset, using: pass.workspace)
    }
  }
}

extension LayeredNetwork {
  /// Asks layer by layer, in any order.
  public func addLocalMoments(
    _ moment: Moment, of rows: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>
  ) {
    stack.addLocalMoments(moment, of: rows, in: pass, to: sum)
  }
}

/// Layers that follow one after another, with the places of their parameters.
struct LayerStack: Sendable {
  let layers: [any Layer]
  let layout: ParameterLayout
  /// By layer: where its parameters begin in the flat vector.
  private let offsets: [Int]

  /// - Parameter layers: With the name that its tensors have in front; the last is not rectified.
  init(_ layers: [(name: String, layer: any Layer)]) {
    self.layers = layers.map(\.layer)
    layout = ParameterLayout(
      layers.flatMap { name, layer in
        layer.tensors.map { (name: "\(name).\($0.name)", shape: $0.shape) }
      })
    var offset = 0
    offsets = layers.map { _, layer in
      defer { offset += layer.parameterCount }
      return offset
    }
  }

  /// The output units of a layer that take part.
  private func units(of index: Int, in pass: Pass) -> Range<Int> {
    index == layers.count - 1 ? pass.units : 0..<layers[index].outputs
  }

  /// What goes into a layer, examples × inputs.
  private func input(of index: Int, in pass: Pass) -> UnsafePointer<Float> {
    index == 0 ? pass.inputs : UnsafePointer(pass.workspace.activations[index - 1].base)
  }

  func forward(_ pass: Pass) -> UnsafeMutablePointer<Float> {
    let workspace = pass.workspace
    for (index, layer) in layers.enumerated() {
      let units = units(of: index, in: pass)
      let count = pass.examples.count * units.count
      let output =
        index == layers.count - 1
        ? workspace.logits.reserve(count) : workspace.activations[index].reserve(count)
      layer.forward(
        input(of: index, in: pass), count: pass.examples.count, units: units,
        at: pass.weights + offsets[index], into: output, using: workspace)
      if layer.isRectified { RowKernels.rectify(output, count: count) }
    }
    return workspace.logits.base
  }

  /// Carries rows of derivatives by the logits down to the first layer.
  ///
  /// - Parameters:
  ///   - bottom: Takes the derivatives by what went into the first layer, rows × inputs; they are
  ///     not computed if it is left out.
  ///   - visit: Takes each layer, the place of its parameters, the derivatives by its outputs
  ///     before rectification, its units that take part, and its input.
  func descend(
    with rows: Rows, in pass: Pass, to bottom: UnsafeMutablePointer<Float>? = nil,
    _ visit: (any Layer, Int, Rows, Range<Int>, UnsafePointer<Float>) -> Void
  ) {
    let workspace = pass.workspace
    var delta = rows
    var nextIsFirst = true
    for (index, layer) in layers.enumerated().reversed() {
      let (units, input) = (units(of: index, in: pass), input(of: index, in: pass))
      visit(layer, offsets[index], delta, units, input)
      guard index > 0 || bottom != nil else { break }
      let count = delta.count * layer.inputs
      let spare =
        nextIsFirst ? workspace.deltas.0.reserve(count) : workspace.deltas.1.reserve(count)
      let next = index > 0 ? spare : bottom ?? spare
      nextIsFirst.toggle()
      layer.backward(
        delta, units: units, input: input, at: pass.weights + offsets[index], into: next,
        using: workspace)
      guard index > 0 else { break }
      delta = delta.with(next)
      if layers[index - 1].isRectified {
        RowKernels.blockWhereOff(input, delta, columns: layer.inputs)
      }
    }
  }

  /// Adds each layer's moments of the derivative of ‖y‖², y its own output.
  ///
  /// - Parameter top: That of the last layer by its output.
  func addLocalMoments(
    _ moment: Moment, of top: Rows, in pass: Pass, to sum: UnsafeMutablePointer<Float>
  ) {
    let workspace = pass.workspace
    for (index, layer) in layers.enumerated() {
      var rows = top
      if index < layers.count - 1 {
        let count = pass.examples.count * layer.outputs
        let twice = workspace.deltas.0.reserve(count)
        let output = workspace.activations[index].base
        for place in 0..<count { twice[place] = 2 * output[place] }
        rows = Rows(twice, exampleCount: pass.examples.count)
      }
      layer.addMoments(
        moment, of: rows, units: units(of: index, in: pass), input: input(of: index, in: pass),
        to: sum + offsets[index], using: workspace)
    }
  }

  /// Draws the parameters; a layer's draws do not depend on the other layers.
  func initialWeights(
    _ rule: Initialization, seed: UInt64, purpose: RandomPurpose = .initialization, draw: Int
  ) -> Vector {
    let weights = Vector(count: layout.count)
    var number = 0
    for (index, layer) in layers.enumerated() where !layer.tensors.isEmpty {
      var random = RandomStream(seed: seed, purpose: purpose, node: draw, step: number)
      number += 1
      let end = offsets[index] + layer.parameterCount
      let weightEnd = end - layer.tensors[layer.tensors.count - 1].shape[0]
      rule.draw(
        weights.base, weights: offsets[index]..<weightEnd, biases: weightEnd..<end,
        fanIn: layer.fanIn, fanOut: layer.fanOut, &random)
    }
    return weights
  }
}

extension LayeredNetwork {
  /// Draws layer by layer; a layer's draws do not depend on the other layers.
  public func initialWeights(_ rule: Initialization, seed: UInt64, draw: Int) -> Vector {
    stack.initialWeights(rule, seed: seed, draw: draw)
  }
}

extension Layer {
  /// Elements of all its tensors.
  var parameterCount: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}
