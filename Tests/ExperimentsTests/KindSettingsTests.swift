import Foundation
import Methods
import Models
import Settings
import Testing
import Updates

@testable import Experiments

private func experiment(_ yaml: String, _ sets: [String] = []) throws -> Experiment {
  try Experiment(yaml: yaml, named: "e.yaml", sets: sets)
}

private func refusal(_ yaml: String, _ sets: [String] = []) -> String {
  do {
    _ = try experiment(yaml, sets)
    return "accepted"
  } catch { return "\(error)" }
}

@Suite struct `A setting of a kind` {
  /// The methods that have a strength, as a sentence lists them.
  private static let penalties = enumeration(
    Methods.catalog.kinds.filter { $0["lambda"] != nil }.map(\.name))
  private static let fisher = "method: {name: ewc, fisher: sampled, examples: 50}"

  @Test(
    arguments: [
      (
        "method: {name: mas, fisher: exact}", [],
        "e.yaml:1: method.fisher belongs to ewc and fedcurv; mas, which is chosen here, has "
          + "lambda, mode, decay, anchor, examples and importance; drop it, or choose method.name=ewc"
      ),
      (
        "", ["method.name=none", "method.lambda=3"],
        "--set method.lambda=3: method.lambda belongs to \(Self.penalties); "
          + "none, which is chosen here, has no settings of its own; drop it, or choose method.name=l2"
      ),
      (
        "optimizer:\n  kind: sgd\n  momentum: 0.5", [],
        "e.yaml:3: optimizer.momentum belongs to momentum and nesterov; sgd, which is chosen here, "
          + "has no settings of its own; drop it, or choose optimizer.kind=momentum"
      ),
      (
        "communication: {push-codec: int8, push-density: 0.1}", [],
        "e.yaml:1: communication.push-density belongs to top-k and random-k; int8, which is chosen "
          + "here, has push-bucket; drop it, or choose communication.push-codec=top-k"
      ),
      // For the choice in force.
      (
        "cluster.consistency: asp", ["cluster.drop=1"],
        "--set cluster.drop=1: cluster.drop belongs to bsp; asp, which is chosen here, has no "
          + "settings of its own; drop it, or choose cluster.consistency=bsp"
      ),
      (
        "compare: [none, mas]", ["method.fisher=exact"],
        "--set method.fisher=exact: method.fisher belongs to ewc and fedcurv; method.name is none "
          + "and mas here; drop it, or choose method.name=ewc"
      ),
      (
        "compare: [none, {name: mas, damping: 1}]", [],
        "e.yaml:1: method.damping belongs to si and rwalk; mas, which is chosen here, has "
          + "lambda, mode, decay, anchor, examples and importance; drop it, or choose method.name=si"
      ),
    ] as [(String, [String], String)])
  func `that is not chosen is refused`(yaml: String, sets: [String], sentence: String) {
    #expect(refusal(yaml, sets) == sentence)
  }

  @Test func `goes with its kind when another layer chooses another one`() throws {
    let mas = try #require(
      try experiment(Self.fisher, ["method.name=mas"]).method.value as? MAS)
    #expect(mas.examples == 50 && mas.strength == 1)
    let ewc = try #require(try experiment(Self.fisher).method.value as? EWC)
    #expect(ewc.fisher == FisherEstimate(.sampled) && ewc.examples == 50)
    #expect(
      refusal(Self.fisher, ["method.name=mas", "method.fisher=exact"]).contains("mas, which"))
    // What is chosen again in the same layer was never left.
    let same = try experiment(Self.fisher, ["method.name=mas", "method.name=ewc"])
    #expect(same.method.value as? EWC == ewc)
  }

  @Test func `may be lists that belong together`() throws {
    let listed = "optimizer: {schedule: milestones, schedule-at: [5, 9], schedule-factors: [2, 1]}"
    let schedule = try experiment(listed).optimizerSpecification.schedule
    #expect(
      (0..<11).map { schedule.rate(atStep: $0, base: 1) }
        == [1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1])
    #expect(
      refusal(listed, ["optimizer.schedule-factors=[2]"])
        == "e.yaml: optimizer.schedule-at has 2 steps and optimizer.schedule-factors 1 factors; "
        + "give one a step")
    #expect(
      refusal(listed, ["optimizer.schedule-at=[9, 5]"])
        == "e.yaml: optimizer.schedule-at is [9, 5]; list steps in ascending order")
  }

  @Test func `takes its default, and not that of the kind before`() throws {
    let coded = try experiment(
      "placement: {kind: dirichlet-by-class, minimum: 7, balance: true}",
      ["placement.kind=quantity-dirichlet"])
    #expect(coded.placement.minimum == 7 && !coded.placement.balance)
    #expect(!coded.resolvedYAML.contains("balance"))
    let again = try experiment(
      "method: {name: si, damping: 3}", ["method.name=ewc", "method.name=si"])
    #expect((again.method.value as? SI)?.damping == 3)
  }

  @Test func `may be for any of the methods that are compared`() throws {
    let compared = try experiment("compare: [none, mas, si, ewc]", ["method.damping=4"]).compare
    #expect(compared.map(\.name) == ["none", "mas", "si", "ewc"])
    #expect((compared[2].value as? SI)?.damping == 4)
    let named = try experiment("method.damping: 4\ncompare: [none, mas, si]").compare
    #expect((named[2].value as? SI)?.damping == 4)
  }

  @Test func `is in the resolved experiment if it counts, and only then`() throws {
    let text = try experiment("", ["method.name=mas", "stream.kind=permuted"]).resolvedYAML
    for word in [
      "fisher", "damping", "angles", "classes:", "momentum: ", "staleness-bound", "beta:",
    ] {
      #expect(!text.contains("  \(word)"), "\(word)")
    }
    #expect(text.contains("  examples: all\n") && text.contains("  beta1: 0.9\n"))
    #expect(text.contains("  kind: mlp\n  hidden: [100, 100]\n") && !text.contains("lambdas"))
    #expect(try experiment("", ["method.lambdas.si=5"]).resolvedYAML.contains("    si: 5\n"))
  }

  @Test(
    arguments: ExperimentFile.choices.flatMap { choice in
      choice.catalog.names.map { "\(choice.path)=\($0)" }
    })
  func `of every kind reads back from the resolved experiment`(choice: String) throws {
    // What goes with the kind in question.
    let readouts = Methods.all.filter { $0.init().readout != nil }.map {
      ("method.name=\($0.name)", ["stream.scenario=class"])
    }
    let more = [
      "method.name=fedcurv": ["cluster.consistency=local"],
      "arrival.onset=offset": ["method.consolidate=on-worker-boundary"],
      "arrival.onset=poisson": ["method.consolidate=on-worker-boundary"],
      "arrival.order=owned": ["method.consolidate=on-worker-boundary"],
      "arrival.order=lists": ["arrival.lists=[[0], [1], [2], [3]]"],
      "stream.kind=datasets": ["stream.sets=[a, b, \"0\"]", "stream.tasks=3"],
    ].merging(readouts) { $1 }
    let chosen = try experiment("", [choice] + (more[choice] ?? []))
    let back = try experiment(chosen.resolvedYAML)
    #expect(back == chosen && back.resolvedYAML == chosen.resolvedYAML)
    // Each key of the kind, written and read.
    for key in ExperimentFile.keys(of: chosen) {
      var again = chosen
      for setting in try Experiment.settings("\(key.name)=\(key.write(chosen))") {
        try again.apply(setting)
      }
      #expect(again == chosen, "\(key.name)")
    }
  }

  @Test func `of every kind is printed with its meaning`() throws {
    for choice in ExperimentFile.choices {
      for kind in choice.catalog.kinds where ExperimentFile.keys(named: kind.name).isEmpty {
        guard !ExperimentFile.sections.contains(kind.name), kind.name != "compare" else { continue }
        let text = try Experiment.reference(of: kind.name)
        for key in kind.keys {
          let words = key.documentation.split(separator: " ").prefix(4).joined(separator: " ")
          #expect(text.contains(words), "\(kind.name): \(key.name)")
        }
      }
    }
    let mas = try Experiment.reference(of: "mas")
    #expect(mas.contains("  name: mas\n") && mas.contains("  lambda: 1\n"))
    #expect(try experiment(mas).method.chosen == Chosen(MAS()))
    #expect(
      throws: ConfigurationError("hebb keys mass: unknown key \"mass\"; did you mean \"mas\"?")
    ) {
      try Experiment.reference(of: "mass")
    }
  }

  @Test func `that was given for other methods is not in the command of one`() throws {
    let mas = try experiment("", ["method.name=mas", "method.examples=7"])
    let words = [
      "hebb", "run", "--set", "method.fisher=exact", "--set", "batch=32", "--set",
      "method={examples: 5, damping: 3}", "--set", "compare=[mas, si]",
    ]
    #expect(
      mas.withoutOthers(words) == [
        "hebb", "run", "--set", "batch=32", "--set", "method.examples=7", "--set",
        "compare=[mas, si]",
      ])
  }
}

@Suite struct `A study's settings of a kind` {
  private func study(_ text: String, _ sets: [String] = []) throws -> Study {
    let file = NSTemporaryDirectory() + "/hebbkinds-\(UUID().uuidString.prefix(8)).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return try Study(file: file, sets: sets)
  }

  private func refusal(_ text: String, _ sets: [String] = []) -> String {
    do {
      _ = try study(text, sets)
      return "accepted"
    } catch { return "\(error)" }
  }

  private static let grid = "experiment: {}\ngrid: {method.name: [none, ewc, si]}\n"

  @Test func `are for the cells whose kinds have them`() throws {
    let cells = try study(Self.grid + "set: {method.damping: 2, method.mode: online}").cells
    #expect(cells.map(\.experiment.method.name) == ["none", "ewc", "si"])
    #expect((cells[1].experiment.method.value as? EWC)?.accumulation.mode == .online)
    #expect((cells[2].experiment.method.value as? SI)?.damping == 2)
    let ruled = try study(Self.grid, ["method.fisher=sampled"]).cells
    #expect((ruled[1].experiment.method.value as? EWC)?.fisher.kind == .sampled)
  }

  @Test func `that no cell has are refused`() {
    #expect(
      refusal(Self.grid + "set: {method.consolidate: never, cluster.local-steps: 5}").hasSuffix(
        ":3: cluster.local-steps belongs to local, which no cell with it has for "
          + "cluster.consistency; drop it"))
    #expect(
      refusal("experiment: {}\nvariants: {a: {method: {name: mas, fisher: exact}}, b: {batch: 64}}")
        .contains("method.fisher belongs to ewc and fedcurv, which no cell with it has"))
    #expect(
      refusal(Self.grid, ["placement.alpha=3"]).hasPrefix(
        "--set placement.alpha=3: placement.alpha belongs to dirichlet-by-node, which no cell"))
  }

  @Test func `may be an axis, and twins that it makes are named`() throws {
    let axis = "experiment: {}\ngrid: {method.name: [mas, ewc], method.fisher: [exact, sampled]}\n"
    #expect(
      refusal(axis).hasSuffix(
        "the cells method.name mas, method.fisher exact and method.name mas, method.fisher sampled "
          + "are the same experiment; drop one under without"))
    let cells = try study(axis + "without: [{method.name: mas, method.fisher: sampled}]").cells
    #expect(cells.map(\.place) == [["mas", "exact"], ["ewc", "exact"], ["ewc", "sampled"]])
  }
}
