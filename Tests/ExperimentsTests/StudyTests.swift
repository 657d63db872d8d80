import Foundation
import Models
import Settings
import Reports
import Testing

@testable import Experiments

/// A folder with files, removed afterwards.
private final class Desk {
  let path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8))"

  init(_ files: [String: String]) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/base", withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func study(_ name: String = "s.yaml", sets: [String] = []) throws -> Study {
    try Study(file: "\(path)/\(name)", sets: sets)
  }
}

private func study(_ yaml: String, sets: [String] = []) throws -> Study {
  try Desk(["s.yaml": yaml]).study(sets: sets)
}

/// The sentence with which a study is refused, from the file's name on.
private func refusal(_ yaml: String, sets: [String] = []) -> String {
  do {
    _ = try study(yaml, sets: sets)
    return "accepted"
  } catch let error as ConfigurationError {
    let text = error.description
    return text.range(of: "s.yaml").map { String(text[$0.lowerBound...]) } ?? text
  } catch {
    return "\(error)"
  }
}

private let small = """
  name: small
  experiment: {batch: 64}
  grid:
    method.name: [none, ewc]
    optimizer.rate: [0.1, 1e-2, 0.5]
  seeds: [7, 3]

  """

@Suite struct `A study's grid` {
  @Test func `tells cells apart by all that their figures depend on, costs as well`() throws {
    func hashes(_ costs: [String]) throws -> Set<String> {
      let sets = costs.map { "simulation.\($0)" }
      return Set(try study(small, sets: sets).cells.map(\.hash))
    }
    let plain = try hashes([])
    #expect(plain.count == 12)
    for cost in ["step-milliseconds=1", "message-microseconds=2", "cores=2"] {
      #expect(try plain.isDisjoint(with: hashes([cost])), "\(cost)")
    }
  }

  @Test func `has every combination once, the first key slowest and seeds fastest`() throws {
    let study = try study(small)
    #expect(
      study.axes == [
        .init(name: "method.name", values: ["none", "ewc"]),
        .init(name: "optimizer.rate", values: ["0.1", "0.01", "0.5"]),
      ])
    #expect(study.cells.count == 2 * 3 * 2)
    #expect(
      study.cells.map(\.experiment.seed) == Array(repeating: [7, 3], count: 6).flatMap(\.self))
    #expect(
      study.cells.filter { $0.experiment.seed == 7 }.map(\.place) == [
        ["none", "0.1"], ["none", "0.01"], ["none", "0.5"], ["ewc", "0.1"], ["ewc", "0.01"],
        ["ewc", "0.5"],
      ])
    for cell in study.cells {
      #expect(cell.experiment.method.name == cell.place[0])
      #expect(cell.experiment.optimizer.rate == Double(cell.place[1]))
      #expect(cell.experiment.batch == 64)
    }
  }

  @Test func `takes nested keys, lists as values, and variants as the last axis`() throws {
    let study = try study(
      """
      experiment: {}
      grid:
        model: {hidden: [[20], [30, 30]]}
      variants:
        plain:
        fast: {optimizer.rate: 0.1, cluster: {workers: 2}}
      """)
    #expect(study.name == "s" && study.title == "s" && study.seeds == [1])
    #expect(study.axes.map(\.name) == ["model.hidden", "variant"])
    #expect(study.axes[0].values == ["[20]", "[30, 30]"])
    #expect(study.otherKeys == ["optimizer.rate", "cluster.workers"])
    #expect(study.cells.map(\.place[1]) == ["plain", "fast", "plain", "fast"])
    #expect(study.cells.map(\.experiment.cluster.workers) == [4, 2, 4, 2])
    let model = study.cells[3].experiment.model.kind.value as? Perceptron
    #expect(model?.hidden == [30, 30])
  }

  @Test func `begins with a base file that is found beside the study`() throws {
    let desk = try Desk([
      "base/b.yaml": "batch: 32\nseed: 9\ncompare: [none, ewc]\n",
      "base/s.yaml": "base: b.yaml\ngrid: {method.name: [mas]}\n",
      "up.yaml": "base: base/b.yaml\nset: {batch: 16}\ngrid: {method.name: [mas]}\n",
      "bare.yaml": "base: base/b.yaml\ngrid: {batch: [16]}\n",
    ])
    let study = try desk.study("base/s.yaml")
    #expect(study.cells.map(\.experiment.batch) == [32])
    #expect(study.cells[0].experiment.compare.isEmpty && study.cells[0].experiment.seed == 1)
    #expect(try desk.study("up.yaml").cells[0].experiment.batch == 16)
    #expect(try desk.study("up.yaml", sets: ["batch=8"]).cells[0].experiment.batch == 8)
    #expect {
      try desk.study("bare.yaml")
    } throws: {
      "\($0)".contains("b.yaml:3: the base compares methods and a cell runs one")
    }
  }

  @Test func `may say that it compares nothing, for a cell runs one method`() throws {
    let desk = try Desk([
      "base/b.yaml": "compare: [none, ewc]\nmethod: {name: mas}\n",
      "s.yaml": "base: base/b.yaml\nset: {compare: none}\ngrid: {batch: [16]}\n",
      "bare.yaml": "base: base/b.yaml\ngrid: {batch: [16]}\n",
    ])
    for study in [try desk.study(), try desk.study("bare.yaml", sets: ["compare=none"])] {
      #expect(study.cells.map(\.experiment.method.name) == ["mas"])
      #expect(study.cells.allSatisfy { $0.experiment.compare.isEmpty })
    }
    #expect(refusal(small, sets: ["compare=[ewc]"]).contains("a cell runs one method"))
  }

  @Test func `gives a rule's settings to the cells that match, and to no other`() throws {
    let study = try study(
      small + """
        with:
          - when: {method.name: ewc, optimizer.rate: [0.10, 0.5]}
            set: {method.lambda: 5}
          - when: {optimizer.rate: 0.5}
            set: {batch: 32, method.lambda: 6}
        """)
    for cell in study.cells {
      // A strength is for the cells whose method has one.
      let expected =
        cell.place[0] == "none"
        ? 0
        : cell.place[1] == "0.5"
          ? 6.0
          : cell.place == ["ewc", "0.1"]
            ? 5 : Experiment().strengths[cell.experiment.method.name]
      #expect(cell.experiment.method.strength == expected)
      #expect(cell.experiment.batch == (cell.place[1] == "0.5" ? 32 : 64))
    }
    #expect(study.otherKeys == ["method.lambda", "batch"])
  }
}

@Suite struct `A study's cell` {
  @Test func `is known by the hash of its resolved experiment, however it was written`() throws {
    let one = try study(small)
    let other = try study(
      """
      title: another order, other words
      experiment: {name: glyphs}
      set: {batch: 64}
      seeds: [3, 7]
      grid: {optimizer: {rate: [.5, 0.010, 1e-1]}, method.name: [ewc, none]}
      """)
    #expect(Set(one.cells.map(\.hash)) == Set(other.cells.map(\.hash)))
    #expect(Set(one.cells.map(\.hash)).count == one.cells.count)
    let cell = one.cells[0]
    let digest = Array(cell.yaml.utf8).withUnsafeBytes { SHA256.hexDigest(of: $0) }
    #expect(cell.hash == digest && cell.yaml == cell.experiment.resolvedYAML)
    #expect(try Experiment(yaml: cell.yaml, named: "cell") == cell.experiment)
    #expect(cell.yaml.contains("seed: 7\n"))
  }

  @Test func `has a name for people that ends with its digits`() throws {
    let cell = try study(small).cells[1]
    #expect(cell.name == "none-rate0.1-seed3-\(cell.hash.prefix(12))")
    let wide = try study("experiment: {}\nvariants: {a b/c: {}}\n").cells[0]
    #expect(wide.name.hasPrefix("a_b_c-seed1-"))
  }
}

@Suite struct `A study file` {
  @Test func `that is wrong is refused with file, line and remedy`() {
    let cases: [(String, String)] = [
      ("experiment: {}\ngird: {batch: [1]}", "s.yaml:2: \"gird\" is not a study's part; did you"),
      (
        "experiment: {}\ngrid:\n  method.nam: [ewc]",
        "s.yaml:3: unknown key \"method.nam\"; did you mean \"method.name\"?"
      ),
      ("experiment: {}\ngrid: {}", "s.yaml:2: the grid is empty"),
      ("experiment: {}\ngrid:", "s.yaml:2: the grid is empty"),
      ("experiment: {}", "s.yaml: a study needs a grid or variants"),
      ("experiment: {}\ngrid:\n  batch: 32", "s.yaml:3: grid: batch must be a list of values"),
      ("experiment: {}\ngrid:\n  batch: []", "s.yaml:3: grid: batch must be a list of values"),
      ("experiment: {}\ngrid:\n  batch:\n    - 32\n    - x", "s.yaml:5: batch is \"x\""),
      ("experiment: {}\ngrid: {batch: [32, 3_2]}", "s.yaml:2: grid: batch has 32 twice"),
      ("experiment: {}\ngrid: {seed: [1]}", "s.yaml:2: a study lists its seeds under seeds"),
      ("experiment: {}\nset: {compare: [ewc]}\ngrid: {batch: [8]}", "s.yaml:2: a cell runs one"),
      ("grid: {batch: [8]}", "s.yaml: a study begins with base"),
      ("base: x\nexperiment: {}\ngrid: {batch: [8]}", "s.yaml:2: a study has base or experiment"),
      ("base: no.yaml\ngrid: {batch: [8]}", "s.yaml:1: there is no experiment file"),
      ("[1, 2]", "s.yaml: a study is a mapping"),
      ("a: [1\nb: }\n", "s.yaml:2: this is not YAML"),
      (small + "seeds: [1]", "twice"),
      (
        "experiment: {}\ngrid: {batch: [8]}\nseeds: [1, 1.5]", "s.yaml:3: seeds is \"1.5\"; it must"
      ),
      ("experiment: {}\ngrid: {batch: [8]}\nseeds: 3", "s.yaml:3: seeds must be a list"),
      ("experiment: {}\ngrid: {batch: [8]}\nseeds: [3, 3]", "s.yaml:3: seeds has 3 twice"),
      ("experiment: {}\ngrid: {batch: [8, 2]}", "s.yaml: cell batch 2: batch is 2 for 4 workers"),
      (
        "experiment: {}\nvariants: {a: {}, b: {}}",
        "s.yaml: the cells variant a and variant b are the same experiment"
      ),
      (
        "experiment: {}\ngrid: {batch: [8]}\nvariants:\n  a: {batch: 9}",
        "s.yaml:4: batch is in the grid"
      ),
      (
        "experiment: {}\nset: {stream: {tasks: 2},\n  stream.tasks: 3}\ngrid: {batch: [8]}",
        "s.yaml:3: stream.tasks is given twice, here and at "
      ),
      (
        "experiment: {}\ngrid:\n"
          + [
            "data.mean", "data.deviation", "optimizer.rate", "optimizer.momentum",
            "optimizer.beta1", "optimizer.beta2", "method.lambda", "method.decay",
          ].map { "  \($0): [0.1, 0.2, 0.3, 0.4, 0.5]\n" }.joined(),
        "s.yaml: the grid has 390625 combinations with its seeds; a study has at most 100000"
      ),
    ]
    for (yaml, sentence) in cases {
      let said = refusal(yaml)
      #expect(said.contains(sentence), "\(yaml)\n→ \(said)")
      #expect(!said.contains("\n"))
    }
  }

  @Test func `names what a rule cannot match`() {
    let cases: [(String, String)] = [
      ("- {when: {method.nme: ewc}, set: {batch: 8}}", "s.yaml:8: \"method.nme\" is not in the"),
      ("- {when: {method.name: mas}, set: {batch: 8}}", "s.yaml:8: no cell has method.name mas"),
      ("- {when: {method.name: ewc}}", "s.yaml:8: a rule has both when and set"),
      ("- {when: {method.name: ewc}, set: {optimizer.rate: 1}}", "s.yaml:8: optimizer.rate is in"),
      ("- {when: {method.name: ewc}, set: {batsh: 8}}", "s.yaml:8: unknown key \"batsh\""),
    ]
    for (rule, sentence) in cases {
      let said = refusal(small + "with:\n  \(rule)\n")
      #expect(said.contains(sentence), "\(rule)\n→ \(said)")
    }
  }

  @Test func `names a baseline in its grid, or is refused`() throws {
    let variants = "variants:\n  dense: {}\n  sparse: {cluster.workers: 2}\n"
    let named = try study(small + variants + "baseline: {variant: dense, optimizer.rate: 1e-2}\n")
    #expect(
      named.baseline == [
        .init(key: "variant", value: "dense"), .init(key: "optimizer.rate", value: "0.01"),
      ])
    #expect(try study(small).baseline.isEmpty)
    let cases = [
      ("{variant: dens}", "s.yaml:10: no cell has variant dens; did you mean \"dense\"?"),
      ("{varient: dense}", "s.yaml:10: \"varient\" is not in the grid; did you mean"),
      ("{batch: 64}", "s.yaml:10: \"batch\" is not in the grid"),
      ("{method: {name: mas}}", "s.yaml:10: no cell has method.name mas"),
      ("{method.name: [none, ewc]}", "s.yaml:10: baseline: method.name must be one value"),
      ("{optimizer.rate: x}", "s.yaml:10: optimizer.rate is \"x\""),
      ("{}", "s.yaml:10: the baseline is empty"), ("dense", "s.yaml:10: baseline must be"),
    ]
    for (baseline, sentence) in cases {
      let said = refusal(small + variants + "baseline: \(baseline)\n")
      #expect(said.contains(sentence), "\(baseline)\n→ \(said)")
    }
  }

  @Test func `keeps arguments from undoing what it varies`() {
    #expect(refusal(small, sets: ["method.name=mas"]).contains("the study varies method.name"))
    #expect(refusal(small, sets: ["seed=4"]).contains("under seeds"))
    #expect(refusal(small, sets: ["bach=4"]).contains("did you mean \"batch\"?"))
    #expect(refusal(small, sets: ["batch=16"]) == "accepted")
  }

  @Test func `has its plots checked against the grid and the figures`() throws {
    func plots(_ text: String) -> String { small + "plots:\n  - {\(text)}\n" }
    let plot = try study(
      plots("x: optimizer.rate, y: forgetting, by: method.name, scale: log")
    ).plots[0]
    #expect(plot.x == .setting("optimizer.rate") && plot.y.name == "forgetting")
    #expect(plot.by == "method.name" && plot.scale == .log && plot.kind == .line)
    let front = try study(plots("x: communication, y: accuracy, kind: pareto")).plots[0]
    #expect(front.x.name == "bytes" && front.kind == .pareto && front.scale == .log)
    let even = try study(plots("x: total_bytes, y: accuracy, kind: pareto, scale: linear")).plots[0]
    #expect(even.x.name == "total_bytes" && even.scale == .linear)
    let slow = try study(plots("x: virtual_seconds, y: accuracy, kind: pareto")).plots[0]
    #expect(slow.scale == .linear)
    let curve = try study(plots("kind: curve, x: seconds, y: accuracy")).plots[0]
    #expect(curve.x == .time && curve.kind == .curve && curve.by == nil)
    let part = try study(plots("x: bytes, y: accuracy, where: {method.name: none}")).plots[0]
    #expect(part.conditions.map(\.key) == ["method.name"])
    #expect(part.conditions.map(\.value) == ["none"])
    let cases = [
      ("x: bytes, y: accuracy, where: {method.nam: none}", "did you mean \"method.name\"?"),
      ("x: bytes, y: accuracy, where: {method.name: joint}", "which is no value of it"),
      ("x: optimizer.rat, y: accuracy", "did you mean \"optimizer.rate\"?"),
      ("x: optimizer.rate, y: acuracy", "\"acuracy\", which is no figure; did you mean"),
      ("x: optimizer.rate, y: accuracy, by: batch", "which is no setting that the study varies"),
      ("x: optimizer.rate", "a plot needs x and y"),
      ("x: method.name, y: accuracy, scale: log", "scale log needs numbers above 0"),
      ("x: method.name, y: accuracy, kind: pareto", "give a figure as x"),
      ("x: method.name, y: accuracy, kind: scatter", "give a figure as x"),
      ("x: bytes, y: accuracy, kind: bars", "it must be one of line, pareto, scatter, curve"),
      ("x: bytes, y: accuracy, kind: curve", "give x: seconds"),
      ("x: seconds, y: forgetting, kind: curve", "give y: accuracy"),
      ("x: seconds, y: accuracy", "x: seconds goes with kind: curve"),
      ("x: bytes, y: accuracy, colour: red", "\"colour\" is not a plot's part"),
    ]
    for (text, sentence) in cases {
      let said = refusal(plots(text))
      #expect(said.hasPrefix("s.yaml:8: ") && said.contains(sentence), "\(text)\n→ \(said)")
    }
  }
}

@Suite struct `The studies that come with the program` {
  private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("cluster/studies").path

  @Test func `are valid, and each has plots and several seeds`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(!files.isEmpty)
    for file in files {
      let study = try Study(file: "\(Self.folder)/\(file)")
      #expect(!study.plots.isEmpty && study.seeds.count > 1, "\(file)")
      #expect(study.cells.count > study.seeds.count, "\(file)")
    }
  }
}
