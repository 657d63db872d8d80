import Compression
import Consolidation
import Methods
import Roles

extension Experiment {
  /// What references of a step ask of the rest: they have to be of the very weights of its
  /// gradient, from everybody, and as they are.
  ///
  /// - Parameter place: The file, for errors.
  /// - Throws: ``ConfigurationError``.
  func validateReferences(place: String) throws {
    guard method.value.references != nil else { return }
    let asks =
      "\(place): method.name is \(method.name), which pushes references with every gradient"
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(asks), \(sentence)") }
    }
    try demand(
      cluster.consistency == .bsp,
      "all of the weights of one step, but cluster.consistency is "
        + "\(cluster.consistency.rawValue); use cluster.consistency=bsp")
    try demand(
      cluster.drop == 0,
      "and goes by those of all workers, but cluster.drop is \(cluster.drop); use cluster.drop=0")
    try demand(
      communication.push.codec == .none || communication.push.codec == .fp16,
      "of which nothing may be left out, but communication.push-codec is "
        + "\(communication.push.codec.rawValue); use communication.push-codec=none or fp16")
    try demand(
      communication.gate == nil,
      "of which nothing may be left out, but communication.gate is given; use "
        + "communication.gate=none")
    try demand(
      consolidationMoment.isGlobal,
      "of tasks that all have finished, for which the workers have to meet; use "
        + "method.consolidate=on-global-boundary")
    try demand(
      penaltySite == .server,
      "so that the penalty comes after the servers have turned the step, but penalty.at is worker; "
        + "use penalty.at=server")
    try demand(
      simulation.computingWorkers == nil,
      "each its own, but simulation.computing-workers lets workers push copies of others'; use "
        + "simulation.computing-workers=all")
  }
}
