import Methods
import Streams

extension Experiment {
  /// What a readout asks of the rest: that classes come one after another and share one head, and
  /// that all nodes know which are old.
  ///
  /// - Parameter place: The file, for errors.
  /// - Throws: ``ConfigurationError``.
  func validateReadout(place: String) throws {
    guard method.value.readout != nil else { return }
    let asks = "\(place): method.name is \(method.name), which"
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(asks) \(sentence)") }
    }
    try demand(
      stream.scenario == .class,
      "tells old classes from new ones in one head, but stream.scenario is "
        + "\(stream.scenario.rawValue); use stream.scenario=class")
    try demand(
      taskOrder == .shared,
      "has to know which classes are old for all workers, but arrival.order is "
        + "\(arrival.order.rawValue); use arrival.order=shared")
    try demand(
      boundaryKind == .hard,
      "looks back at a task's classes when it is over, but arrival.boundary is "
        + "\(arrival.boundary.rawValue), so that some come later; use arrival.boundary=hard")
    try demand(
      method.value.distillation?.form != .eachUnit || method.value.generation == nil,
      "asks each output unit by itself, while what is made of finished tasks is labelled by one of "
        + "all units; choose one of the two methods")
  }
}
