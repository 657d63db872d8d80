import Tensors

/// One layer of a ``LayeredNetwork``: shapes only.
///
/// Matrices are row-major: an example, or a row of derivatives, is a row. Pointers to parameters
/// and to their derivatives address the layer's own.
protocol Layer: Sendable {
  /// Values of an example on each side.
  var inputs: Int { get }
  var outputs: Int { get }
  /// Its parameters, in the order in which they lie; none for a layer without.
  var tensors: [(name: String, shape: [Int])] { get }
  /// Values that each output is computed from, and that each input goes into, for initialisation.
  var fanIn: Int { get }
  var fanOut: Int { get }
  /// Whether its outputs are rectified: max(0, y).
  var isRectified: Bool { get }

  /// y ← the outputs of some units, examples × units, not rectified yet.
  ///
  /// - Parameter units: Output units to compute: all, but for the last layer of a network.
  func forward(
    _ x: UnsafePointer<Float>, count: Int, units: Range<Int>, at weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, using workspace: Workspace)

  /// Adds the parameters' derivatives, summed over rows, of which each example has one.
  ///
  /// - Parameters:
  ///   - delta: Derivatives by the outputs of the units.
  ///   - x: What went into the layer.
  func addGradient(
    of delta: UnsafePointer<Float>, count: Int, units: Range<Int>, input x: UnsafePointer<Float>,
    to gradient: UnsafeMutablePointer<Float>, using workspace: Workspace)

  /// Adds the moments of each row's own derivatives by the parameters.
  func addMoments(
    _ moment: Moment, of delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace)

  /// next ← derivatives by the inputs, rows × inputs.
  func backward(
    _ delta: Rows, units: Range<Int>, input x: UnsafePointer<Float>,
    at weights: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>,
    using workspace: Workspace)
}
