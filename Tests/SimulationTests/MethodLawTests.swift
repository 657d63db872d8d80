import Methods
import Settings
import Testing

@testable import Experiments

/// Settings that choose a method, with a strength where it has one, and a small generator.
func choosing(_ method: String, strength: Double) -> [String] {
  func has(_ key: String) -> Bool { Methods.catalog[method]?[key] != nil }
  return ["method.name=\(method)"]
    + (has("lambda") ? ["method.lambda=\(strength)"] : [])
    + (has("latents") ? ["method.generator-hidden=[8]", "method.latents=3"] : [])
}

/// Of every method in the list, whoever adds one.
enum MethodNames {
  static let all = Methods.catalog.names
  static let penalties = Methods.all.filter { $0.init().penalty != nil }.map { $0.name }

  /// Whether it bears steps of the workers' own: no references, which belong to one version, and
  /// no sums, which go no way.
  static func isFree(_ name: String) -> Bool {
    guard let method = Methods.all.first(where: { $0.name == name })?.init() else { return false }
    return method.references == nil && method.learner == nil
  }

  /// What a method needs of the rest of an experiment: one whose importances are exchanged with
  /// every push goes with local steps, one with a readout with classes that share a head.
  static func needs(_ name: String) -> [String] {
    let names = name.split(separator: Methods.plus)
    let parts = Methods.all.filter { names.contains(Substring($0.name)) }.map { $0.init() }
    if parts.contains(where: { $0.readout != nil }) { return ["stream.scenario=class"] }
    guard parts.contains(where: { isExchanged($0) }) else { return [] }
    return ["cluster.consistency=local", "cluster.local-steps=2"]
  }

  private static func isExchanged(_ method: any Method) -> Bool {
    if case .exchanged = method.penalty?.importance { true } else { false }
  }
}

@Suite struct `Every method` {
  @Test(arguments: ["sgd", "momentum", "nesterov", "adam"], MethodNames.penalties)
  func `of strength 0 changes no bit`(optimizer: String, method: String) throws {
    let sets = ["optimizer.kind=\(optimizer)"] + MethodNames.needs(method)
    let plain = try SimulatedRun(sets)
    let zero = try SimulatedRun(sets + choosing(method, strength: 0))
    #expect(!plain.weights.isEmpty && plain.weights == zero.weights)
  }

  @Test(arguments: MethodNames.penalties, ["gradient", "proximal"])
  func `with a strength changes the weights`(method: String, form: String) throws {
    let sets = ["penalty.form=\(form)"] + MethodNames.needs(method)
    let plain = try SimulatedRun(sets)
    let held = try SimulatedRun(sets + choosing(method, strength: 10))
    #expect(plain.weights != held.weights)
  }

  @Test(arguments: [2, 3, 5], MethodNames.all)
  func `gives the same bits for any number of servers`(servers: Int, method: String) throws {
    let sets =
      ["optimizer.kind=momentum"] + MethodNames.needs(method) + choosing(method, strength: 50)
    let one = try SimulatedRun(sets)
    let many = try SimulatedRun(sets + ["cluster.servers=\(servers)"])
    #expect(!one.weights.isEmpty && one.weights == many.weights)
  }

  @Test(arguments: [UInt64(3), 4], MethodNames.all)
  func `gives the same bits whatever the delays`(delaySeed: UInt64, method: String) throws {
    let sets =
      ["cluster.workers=3", "cluster.servers=2"] + MethodNames.needs(method)
      + choosing(method, strength: 5)
    let (one, other) = (try SimulatedRun(sets), try SimulatedRun(sets, delaySeed: delaySeed))
    #expect(!one.weights.isEmpty && one.weights == other.weights)
  }
}
