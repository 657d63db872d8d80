import Methods
import Consolidation
import Foundation
import Models
import Roles
import Settings
import Streams
import Tensors
import Testing
import Updates

@testable import Experiments

private func message(_ yaml: String, _ sets: [String] = []) -> String {
  do {
    _ = try Experiment(yaml: yaml, named: "e.yaml", sets: sets)
    return "accepted"
  } catch {
    return "\(error)"
  }
}

@Suite struct `Experiment file` {
  @Test func `an empty file is the default experiment`() throws {
    #expect(try Experiment(yaml: "", named: "e") == Experiment())
    #expect(try Experiment(yaml: "# only a comment\n", named: "e") == Experiment())
    #expect(try Experiment(yaml: "optimizer:\n  # rate: 1\n", named: "e") == Experiment())
  }

  @Test func `arguments for what differs make one experiment the other`() throws {
    let base = try Experiment(
      yaml: "batch: 64\ncompare: [none, {name: ewc, lambda: 30, mode: online}, {name: joint}]",
      named: "e")
    for method in base.compare {
      let one = base.with(method)
      let sets = one.sets(from: base)
      let again = try Experiment(
        yaml: "batch: 64", named: "e", sets: ["method.name=\(method.name)"] + sets)
      #expect(again == one)
      #expect(sets.count <= 3 && one.sets(from: one).isEmpty)
    }
    let wide = try Experiment(
      yaml: "name: \"a: 'b'\"\noptimizer: {rate: 1e-7}\nmodel: {hidden: [3, 4]}\n", named: "e")
    #expect(try Experiment(yaml: "", named: "e", sets: wide.sets(from: Experiment())) == wide)
  }

  @Test func `the reference file lists every key and decodes to the defaults`() throws {
    #expect(
      try Experiment(yaml: Experiment.referenceYAML, named: "reference.yaml") == Experiment())
    for key in ExperimentFile.keys {
      let last = key.path.split(separator: ".").last ?? ""
      #expect(Experiment.referenceYAML.contains("\(last): "), "\(key.path)")
    }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("cluster/experiments/reference.yaml")
    #expect(try String(contentsOf: file, encoding: .utf8) == Experiment.referenceYAML)
  }

  @Test func `every shipped experiment file is valid`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("cluster/experiments")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count >= 4)
    for name in names where name.hasSuffix(".yaml") {
      let text = try String(
        contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let experiment = try Experiment(yaml: text, named: name)
      if name == "default.yaml" {
        #expect(try experiment == Experiment(yaml: Experiment.defaultYAML, named: "built in"))
      }
    }
  }

  @Test(arguments: [
    [], ["seed=18446744073709551615"], ["name=\"a: b\\n\\\"c\\\"\""], ["stream.classes=drawn"],
    ["stream.classes=[[3, 1], [0, 9]]", "stream.tasks=2"], ["stream.iterations=7"],
    ["stream.kind=rotated", "stream.random-bins=180"], ["model.hidden=[]"],
    ["optimizer.clip=0.5", "optimizer.rate=3.0e-05"], ["method.mode=online", "method.decay=0.9"],
    ["penalty.form=proximal", "evaluation.every-steps=3"],
    ["compare=[none, {name: ewc, lambda: 7, fisher: sampled}]"],
  ])
  func `what is written reads back as the same experiment`(sets: [String]) throws {
    let experiment = try Experiment(yaml: Experiment.defaultYAML, named: "e", sets: sets)
    let back = try Experiment(yaml: experiment.resolvedYAML, named: "resolved")
    #expect(back == experiment)
    #expect(back.resolvedYAML == experiment.resolvedYAML)
  }

  @Test func `later sets win and a method drops the comparison`() throws {
    let one = try Experiment(
      yaml: Experiment.defaultYAML, named: "e", sets: ["seed=1", "method.name=si", "seed=9"])
    #expect(one.seed == 9 && one.compare.isEmpty && one.methods.map(\.name) == ["si"])
    #expect(try Experiment(yaml: Experiment.defaultYAML, named: "e").methods.count == 4)
  }

  @Test(arguments: [
    (
      "optimizer:\n  rat: 1",
      "e.yaml:2: unknown key \"optimizer.rat\"; did you mean \"optimizer.rate\"?"
    ),
    (
      "a:\n  b: 1", "e.yaml:1: unknown key \"a\"; cluster/experiments/reference.yaml lists all keys"
    ),
    (
      "seed: -1",
      "e.yaml:1: seed is \"-1\"; it must be a whole number from 0 to 18446744073709551615"
    ),
    (
      "optimizer: {rate: 0}",
      "e.yaml:1: optimizer.rate is \"0\"; it must be a number from 1e-30 to 1e+30"
    ),
    (
      "model:\n  hidden: 100",
      "e.yaml:2: model.hidden is \"100\"; it must be a list of whole numbers from 1 to 100000"
    ),
    ("optimizer: 3", "e.yaml:1: optimizer must be a mapping of keys to values"),
    (
      "stream: {scenario: taks}",
      "e.yaml:1: stream.scenario is \"taks\"; it must be one of task, domain, class; did you mean \"task\"?"
    ),
    (
      "stream: {kind: rotated, tasks: 2}",
      "e.yaml: stream.angles has 5 angles for 2 tasks; give one a task, or stream.random-bins"
    ),
    (
      "compare: [{name: ewc, lamda: 1}]",
      "e.yaml:1: unknown key \"method.lamda\"; did you mean \"method.lambda\"?"
    ),
    ("- 1", "e.yaml: an experiment is a mapping of keys to values"),
    (
      "stream.tasks: 3\nstream: {tasks: 5}",
      "e.yaml:2: stream.tasks is given twice, here and at e.yaml:1; drop one"
    ),
    (
      "stream: {tasks: 5}\nstream.tasks: 5",
      "e.yaml:2: stream.tasks is given twice, here and at e.yaml:1; drop one"
    ),
    (
      "method: ewc",
      "e.yaml:1: method must be a mapping of keys to values; did you mean method.name: ewc?"
    ),
  ])
  func `what is wrong is said in one sentence`(yaml: String, sentence: String) {
    #expect(message(yaml) == sentence)
  }

  @Test func `a wrong set names the argument`() {
    #expect(message("", ["batch"]) == "--set batch: write it as --set key=value")
    #expect(
      message("", ["bach=3"])
        == "--set bach=3: unknown key \"bach\"; did you mean \"batch\"?")
    #expect(
      message("", ["method=ewc"])
        == "--set method=ewc: method must be a mapping of keys to values; did you mean "
        + "method.name=ewc?")
    #expect(
      message("", ["stream={tsks: 3}"])
        == "--set stream={tsks: 3}: unknown key \"stream.tsks\"; did you mean \"stream.tasks\"?")
    #expect(
      message("", ["stream=3"]) == "--set stream=3: stream must be a mapping of keys to values")
  }

  @Test func `a set can name a section and some of its keys`() throws {
    let experiment = try Experiment(
      yaml: Experiment.defaultYAML, named: "e",
      sets: ["stream={tasks: 2, iterations: 9}", "method={name: si, damping: 0.5}", "stream={}"])
    #expect(experiment.stream.tasks == 2 && experiment.stream.iterations == 9)
    // As method.name does, it asks for that one method.
    #expect(
      experiment.methods.map(\.name) == ["si"] && (experiment.method.value as? SI)?.damping == 0.5)
  }

  @Test func `no hint is what was written`() throws {
    let node = try Experiment.settings("seed=1")[0].node
    for word in ExperimentFile.sections.union(ExperimentFile.paths).union(["compare"]) {
      let setting = FileSetting(node: node, place: "p", key: word)
      #expect(!"\(Experiment.unknown(setting))".contains("did you mean \"\(word)\""))
    }
  }

  @Test func `keys are printed by their beginning`() throws {
    #expect(
      try Experiment.reference(of: "method.decay")
        == """
        method:
          # ewc: Of the online mode; 1 forgets nothing.
          decay: 1
          # l2: {decay: 1}
          # mas: {decay: 1}
          # si: {decay: 1}
          # fedcurv: {decay: 1}

        """)
    let method = try Experiment.reference(of: "method")
    #expect(method.hasPrefix("method:\n") && method.contains("  # si: {lambda: 300, mode"))
    #expect(!method.contains("compare:") && !method.contains("penalty:"))
    #expect(try Experiment.reference(of: "compare").hasSuffix("compare: none\n"))
    #expect(try Experiment.reference(of: "stream.test-ex").contains("test-examples-per-task: all"))
    #expect(try Experiment.referenceYAML.hasSuffix(Experiment.reference(of: "")))
    #expect(
      throws: ConfigurationError("hebb keys metod: unknown key \"metod\"; did you mean \"method\"?")
    ) {
      try Experiment.reference(of: "metod")
    }
    #expect {
      try Experiment.reference(of: "lambda")
    } throws: {
      "\($0)".contains("did you mean \"method.lambda\"?")
    }
  }

  @Test func `folding follows each method's publication unless told otherwise`() throws {
    func rule(_ sets: [String]) throws -> (Float, String) {
      let experiment = try Experiment(yaml: "", named: "e", sets: sets)
      let rule = try #require(experiment.quadraticPenalty).fold
      return (rule.decay, rule.anchor.rawValue)
    }
    #expect(try rule(["method.name=ewc"]) == (1, "own"))
    #expect(
      try rule(["method.name=ewc", "method.mode=online", "method.decay=0.9"]) == (0.9, "latest"))
    #expect(try rule(["method.name=mas"]) == (1, "latest"))
    #expect(try rule(["method.name=l2"]) == (0, "latest"))
    #expect(try rule(["method.name=si", "method.anchor=own"]) == (1, "own"))
  }
}

@Suite struct `Data files` {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func `SHA-256 gives the known answers`(text: String, digest: String) {
    #expect(Array(text.utf8).withUnsafeBytes { SHA256.hexDigest(of: $0) } == digest)
  }

  @Test func `SHA-256 of a million letters comes out piece by piece`() {
    var hash = SHA256()
    let piece = [UInt8](repeating: 0x61, count: 1_000)
    for _ in 0..<1_000 { piece.withUnsafeBytes { hash.update($0) } }
    #expect(
      hash.hexDigest() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  // `printf hello | gzip -n`
  private let hello: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0,
  ]

  @Test func `gzip files are inflated and checked`() throws {
    #expect(try Gzip.inflate(hello, file: "f") == Array("hello".utf8))
    #expect(throws: DataError.self) { try Gzip.inflate(Array(hello.dropLast(6)), file: "f") }
    var wrong = hello
    wrong[17] ^= 1
    #expect(throws: DataError.self) { try Gzip.inflate(wrong, file: "f") }
  }

  private static var realData: String? {
    if let folder = ProcessInfo.processInfo.environment["HEBB_DATA"] { return folder }
    let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/data").path
    return FileManager.default.fileExists(atPath: shared + "/mnist") ? shared : nil
  }

  @Test(.enabled(if: realData != nil, "real MNIST is not here; set HEBB_DATA to its parent folder"))
  func `real MNIST has its published constants`() throws {
    let folder = try #require(Self.realData)
    let data = try DataDirectory(folder).load("mnist")
    #expect(data.train.count == 60_000 && data.test.count == 10_000 && data.classCount == 10)
    var counts = [Int](repeating: 0, count: 10)
    for label in data.train.labels { counts[Int(label)] += 1 }
    #expect(counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    let mean =
      Double(data.train.pixels.reduce(0) { $0 + Int($1) }) / Double(data.train.pixels.count)
    #expect(abs(mean - 33.3184) < 1e-4)
  }

  @Test func `a fetched file with another content is refused and not kept`() throws {
    let place = NSTemporaryDirectory() + "/hebbfetch-\(UUID().uuidString.prefix(8))"
    let (source, target) = (place + "/from", place + "/to")
    try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: place) }
    try Data("no images".utf8).write(
      to: URL(fileURLWithPath: source + "/train-images-idx3-ubyte.gz"))
    #expect {
      try MNISTFetch(folder: target, mirrors: ["file://" + source]).run { _, _, _ in }
    } throws: { error in
      "\(error)".contains("another SHA-256") && "\(error)".contains("--from")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: target).isEmpty)
  }
}
