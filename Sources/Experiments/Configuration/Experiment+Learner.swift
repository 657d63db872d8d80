import Methods
package import Models
package import Roles
package import Streams
import Tensors
package import Updates

extension Experiment {
  /// What learns by a rule of its own, for data of a shape; `nil` where gradients are descended.
  ///
  /// - Throws: `DataError` when the data are words, which have no sum.
  package func learner(for shape: DataShape) throws(DataError) -> (any LocalLearner)? {
    guard let rule = method.value.learner else { return nil }
    guard shape.example.text == nil else {
      throw DataError(
        "method.name is \(method.name), which adds up quantities, but the data are texts; use "
          + "another method.name")
    }
    return rule.learner(
      inputs: shape.example.count, outputs: shape.outputs,
      levels: PixelLevels(mean: data.mean, deviation: data.deviation))
  }

  /// The network whose parameters are learned, for data of a shape.
  ///
  /// - Throws: `DataError` when it is not for such data.
  package func network(for shape: DataShape) throws(DataError) -> any Network {
    if let learner = try learner(for: shape) { return learner }
    return try model.network(for: shape)
  }

  /// What servers do with what is pushed.
  package var updateRule: UpdateRule { method.value.learner == nil ? .descent : .sum }

  /// What a learner without gradients asks of the rest: that all it pushes is added up, once.
  ///
  /// - Parameter place: The file, for errors.
  /// - Throws: ``ConfigurationError``.
  func validateLearner(place: String) throws {
    guard method.value.learner != nil else { return }
    func demand(_ holds: Bool, _ sentence: String) throws {
      guard holds else {
        throw ConfigurationError(
          "\(place): method.name is \(method.name), which adds up all that workers push, "
            + sentence)
      }
    }
    try demand(
      cluster.consistency != .local,
      "but under cluster.consistency=local they go ways of their own; use bsp, ssp or asp")
    try demand(
      cluster.drop == 0, "but cluster.drop is \(cluster.drop); use cluster.drop=0")
    try demand(
      cluster.stalenessWeight == .none,
      "however late, but cluster.staleness-weight is \(cluster.stalenessWeight.rawValue); use none")
    try demand(
      cluster.delayCompensation == 0,
      "however late, but cluster.delay-compensation is given; use 0")
    try demand(
      communication.push.codec == .none,
      "as it is, but communication.push-codec is \(communication.push.codec.rawValue); use none")
    try demand(
      communication.pull.codec == .none,
      "as it is, but communication.pull-codec is \(communication.pull.codec.rawValue); use none")
    try demand(
      simulation.computingWorkers == nil,
      "each its own, but simulation.computing-workers lets workers push copies of others'; use "
        + "simulation.computing-workers=all")
  }
}
