import Foundation
import Testing

@testable import Experiments

@Suite struct `A strength` {
  private func experiment(_ yaml: String, _ sets: [String] = []) throws -> Experiment {
    try Experiment(yaml: yaml, named: "e.yaml", sets: sets)
  }

  private static let split = "method: {name: ewc, lambda: 200}"

  @Test(
    arguments: [
      ("", [], 1000), ("", ["method.name=mas"], 1), ("", ["method.name=si"], 300),
      ("", ["method.name=l2"], 1), ("", ["method.name=none"], 0),
      (split, [], 200), (split, ["method.name=ewc", "method.mode=online"], 200),
      // The file's is EWC's.
      (split, ["method.name=mas"], 1), (split, ["method.name=mas", "method.name=ewc"], 200),
      // What stands together belongs together, in whatever order.
      (split, ["method.name=mas", "method.lambda=5"], 5),
      (split, ["method.lambda=5", "method.name=mas"], 5), (split, ["method.lambda=5"], 5),
      // Given without a name it is for all.
      ("method: {lambda: 50}", [], 50), ("method: {lambda: 50}", ["method.name=mas"], 50),
      ("method: {lambda: 50}", ["method.name=mas", "method.lambda=2"], 2),
      // A file may know better what a method needs.
      ("method: {name: ewc, lambda: 200, lambdas: {mas: 7}}", ["method.name=mas"], 7),
      ("method: {lambdas: {ewc: 50, mas: 7}}", [], 50),
      (split, ["method.name=mas", "method.lambdas.mas=3"], 3),
      ("method: {lambdas: {mas: 7}}", ["method.name=si"], 300),
    ] as [(String, [String], Double)])
  func `belongs to the method that it is given with`(
    yaml: String, sets: [String], lambda: Double
  ) throws {
    let experiment = try experiment(yaml, sets)
    #expect(experiment.method.strength == lambda)
    #expect(try self.experiment(experiment.resolvedYAML) == experiment)
  }

  @Test(
    arguments: [
      ("[ewc, mas, none]", [], [200, 1, 0]), ("[mas, {name: mas, lambda: 3}]", [], [1, 3]),
      ("[{name: ewc, mode: online}, {lambda: 9}, {name: si}]", [], [200, 9, 300]),
      ("[ewc, mas]", ["method.lambdas.mas=0.5"], [200, 0.5]),
      // Whoever gives one for all means it.
      ("[ewc, mas, {name: si, lambda: 4}]", ["method.lambda=50"], [50, 50, 4]),
    ] as [(String, [String], [Double])])
  func `is each compared method's own`(compare: String, sets: [String], lambdas: [Double]) throws {
    let experiment = try experiment(Self.split + "\ncompare: \(compare)", sets)
    #expect(experiment.methods.map(\.strength) == lambdas)
    let argument = try self.experiment(Self.split, sets + ["compare=\(compare)"])
    #expect(argument == experiment)
    #expect(try self.experiment(experiment.resolvedYAML) == experiment)
    // The command that repeats one of them gives it the same.
    for method in experiment.methods {
      let one = experiment.with(method)
      let name = "method.name=\(method.name)"
      let again = try self.experiment(
        Self.split + "\ncompare: \(compare)", sets + [name] + one.sets(from: experiment))
      #expect(again == one)
    }
  }

  @Test(arguments: [
    ("", [200.0, 1]), ("set: {method.lambda: 50}", [50, 50]),
    ("set: {method: {name: ewc, lambda: 50}}", [50, 1]),
    ("set: {method.lambdas.mas: 4}", [200, 4]),
    ("with: [{when: {method.name: mas}, set: {method.lambda: 6}}]", [200, 6]),
  ])
  func `is each cell's method's own in a study`(more: String, lambdas: [Double]) throws {
    let file = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8)).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try "experiment: {\(Self.split)}\n\(more)\ngrid: {method.name: [ewc, mas]}\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    #expect(try Study(file: file).cells.map(\.experiment.method.strength) == lambdas)
    let all = try Study(file: file, sets: ["method.lambda=9"])
    #expect(all.cells.map(\.experiment.method.strength) == [9, 9])
  }

  @Test func `is another for every method in each experiment that is shipped`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("cluster/experiments")
    for name in ["default", "split-mnist", "permuted-mnist", "rotated-mnist", "nodes-mnist"] {
      let file = folder.appendingPathComponent(name + ".yaml")
      let yaml = try String(contentsOf: file, encoding: .utf8)
      let methods = try experiment(yaml, ["compare=[l2, ewc, mas, si]"]).methods
      let (l2, ewc, mas, si) = (methods[0], methods[1], methods[2], methods[3])
      // Importances of EWC and SI are small, those of MAS are not, and L2's are one.
      #expect(l2.strength <= 1 && mas.strength < ewc.strength && si.strength >= 10, "\(name)")
    }
  }
}
