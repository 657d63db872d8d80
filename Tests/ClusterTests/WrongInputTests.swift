import Foundation
import Testing

/// What a user can get wrong, through the real executable: one sentence, a code, nothing lost.
extension Processes {
  @Suite(.serialized) struct `Wrong input` {
    private func refused(
      _ arguments: [String], status: Int32, _ words: [String], yaml: String? = nil
    ) throws {
      let scratch = Scratch()
      var arguments = arguments
      if let yaml { arguments.insert(try scratch.write(yaml, to: "e.yaml"), at: 1) }
      if !arguments.contains("--output") && ["run", "simulate"].contains(arguments[0]) {
        arguments += ["--output", scratch.file("out")]
      }
      let run = try Program(arguments)
      #expect(run.status == status, "\(run.errors)")
      for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.file("out/result.json")))
    }

    @Test func `a mistyped key names file, line and the nearest key`() throws {
      try refused(
        ["run"], status: 2,
        ["e.yaml:3: unknown key \"optimizer.rat\"; did you mean \"optimizer.rate\"?"],
        yaml: "seed: 1\noptimizer:\n  rat: 0.1\n")
      try refused(
        ["run"], status: 2, ["e.yaml:1: unknown key \"optimzer\"; did you mean \"optimizer\"?"],
        yaml: "optimzer: {rate: 0.1}\n")
    }

    @Test(arguments: [
      (
        ["placement.kind=quantity-dirichlet", "placement.beta=0"],
        ["placement.beta", "from 1e-30 to 1e+30"]
      ),
      (["placement.kind=classes-per-node", "placement.classes=11"], ["placement.classes is 11"]),
      (["arrival.order=lists", "arrival.lists=[[0,1],[7],[2],[3]]"], ["arrival.lists", "task 7"]),
      (
        ["cluster.consistency=ssp", "cluster.staleness-bound=-1"],
        ["cluster.staleness-bound", "from 0 to"]
      ),
      (["arrival.onset=offset"], ["arrival.onset", "method.consolidate=on-worker-boundary"]),
      (["cluster.drop=4"], ["cluster.drop is 4 for 4 workers"]),
      (["cluster.factors=[1,2]"], ["cluster.factors has 2 numbers for 4 workers"]),
      (["cluster.factors=[1,1,1,0.5]"], ["cluster.factors is \"0.5\"", "from 1 to"]),
      (["cluster.factors={4: 2}"], ["cluster.factors names worker 4 of 4 workers", "end at 3"]),
      (["cluster.factors={0: 0.5}"], ["cluster.factors of worker 0 is \"0.5\"", "from 1 to"]),
      (["cluster.factors={fast: 2}"], ["a rank of cluster.factors is \"fast\""]),
      (["cluster.factors=4"], ["cluster.factors is \"4\"", "{0: 4}"]),
      (
        ["simulation.clock=free", "cluster.consistency=asp"],
        ["simulation.clock is free", "cluster.consistency=asp", "simulation.clock=costs"]
      ),
      (["method.lambdas.maz=1"], ["did you mean \"method.lambdas.mas\"?"]),
      (
        ["communication.push-codec=top-k", "communication.push-density=0"],
        ["communication.push-density", "from 1e-09 to 1"]
      ),
      (["method.name=fedcurv"], ["method.name is fedcurv", "cluster.consistency=local"]),
      (
        ["arrival.order=owned", "placement.kind=dirichlet-by-class"],
        ["placement.kind is dirichlet-by-class", "arrival.order=owned", "placement.kind=iid"]
      ),
      (["method.name=si", "penalty.at=worker"], ["penalty.at is worker", "si's"]),
      (
        ["penalty.at=worker", "penalty.form=proximal"],
        ["penalty.form is proximal", "penalty.form=gradient"]
      ),
      (["penalty.lazy=true"], ["penalty.lazy is true", "optimizer.kind=sgd"]),
      (
        ["communication.push-overlay=true"],
        ["communication.push-overlay", "cluster.consistency=local"]
      ),
      (
        ["communication.gate=1", "communication.push-codec=power-sgd"],
        ["communication.gate", "power-sgd"]
      ),
    ]) func `wrong arrangements are refused with the key named`(
      sets: [String], words: [String]
    ) throws {
      let arguments = givenCosts + sets.flatMap { ["--set", $0] }
      let run = try Program(["simulate", "--set", "compare=none"] + arguments)
      #expect([2, 3].contains(run.status), "\(run.errors)")
      for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
    }

    @Test func `a wrong value names key, value and what is expected`() throws {
      try refused(
        ["run"], status: 2,
        [
          "e.yaml:2: method.name is \"ewk\"; it must be one of none, joint",
          "did you mean \"ewc\"?",
        ],
        yaml: "method:\n  name: ewk\n")
      try refused(
        ["run", "--set", "batch=0"], status: 2, ["--set batch=0: batch is \"0\"", "whole number"])
      try refused(
        ["run", "--set", "placement.kind=dirichlet"], status: 2,
        ["it must be one of iid, shards, dirichlet-by-class"])
      try refused(["run", "--set", "batch=2"], status: 2, ["batch is 2 for 4 workers"])
      try refused(["run"], status: 2, ["e.yaml:2: this is not YAML"], yaml: "a: [1\nb: }\n")
      try refused(["run"], status: 2, ["given twice"], yaml: "seed: 1\nseed: 2\n")
    }

    @Test func `a missing experiment file or data folder is named`() throws {
      try refused(
        ["run", "nowhere.yaml"], status: 2, ["nowhere.yaml: there is no such", "split-mnist"])
      try refused(["run", "/"], status: 2, ["/ is a folder; name an experiment file"])
      try refused(
        ["run", "--set", "data.set=mnist", "--data", "/nowhere"], status: 3, ["/nowhere"])
      try refused(["simulate", "--set", "data.set=mnist"], status: 3, ["--data DIR"])
    }

    @Test func `more workers than examples and groups that do not fit are refused`() throws {
      try refused(
        [
          "run", "--set", "stream.examples-per-task=3", "--workers", "4", "--set",
          "method.name=none",
        ], status: 3, ["3 training examples for 4 workers"])
      try refused(
        ["run", "--set", "stream.tasks=3", "--set", "method.name=none"], status: 3,
        ["10 classes cannot be split into 3 equal tasks"])
    }

    @Test func `an output folder with something in it is not overwritten`() throws {
      let scratch = Scratch()
      let kept = try scratch.write("precious", to: "keep.txt")
      try refused(
        ["run", "--output", scratch.path], status: 4, ["is not empty", "--force"])
      #expect(try String(contentsOfFile: kept, encoding: .utf8) == "precious")
      try refused(
        ["run", "--output", "/proc/none/x"], status: 4, ["cannot make the output folder"])
    }

    @Test func `a port in use is named`() throws {
      let holder = try Listener()
      let output = Scratch().file("x")
      try refused(
        ["coordinate", "--bind", "tcp://127.0.0.1:\(holder.port)", "--output", output],
        status: 7, ["tcp://127.0.0.1:\(holder.port)", "the port is in use"])
      #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func `broken IDX files are named with what is wrong`() throws {
      let names = [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
      ]
      func images(_ count: Int) -> [UInt8] {
        [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 2, 0, 0, 0, 2]
          + (0..<4 * count).map { UInt8($0) }
      }
      func labels(_ count: Int) -> [UInt8] {
        [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 2) }
      }
      let good = [images(8), labels(8), images(4), labels(4)]
      func check(_ change: (inout [[UInt8]?]) -> Void, _ words: [String]) throws {
        let scratch = Scratch()
        var files: [[UInt8]?] = good
        change(&files)
        for (name, bytes) in zip(names, files) {
          if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: scratch.file(name))) }
        }
        let run = try Program(["data", "check", scratch.path])
        #expect(words.isEmpty ? run.status == 0 : run.status == 3, "\(run.errors)")
        for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
      }
      try check({ _ in }, [])
      try check({ $0[1] = nil }, ["train-labels-idx1-ubyte is missing"])
      try check({ $0[0]?.removeLast() }, ["train-images-idx3-ubyte", "truncated"])
      try check({ $0[0]?.append(1) }, ["1 bytes behind"])
      try check({ $0[0] = good[1] }, ["2049", "2051", "file of labels"])
      try check({ $0[1] = labels(7) }, ["8 images", "7 labels"])
      try check({ $0[0] = [0x1F, 0x8B, 8, 0] + [UInt8](repeating: 7, count: 40) }, ["gzip"])
    }

    @Test func `widths that do not fit the data are refused`() throws {
      try refused(
        ["run", "--set", "model.hidden=[0]"], status: 2, ["model.hidden", "whole number"])
      try refused(
        [
          "run", "--set", "stream.classes=[[0,1],[2,30]]", "--set", "stream.tasks=2", "--set",
          "method.name=none",
        ],
        status: 3, ["classes between 0 and 9"])
    }
  }
}

/// Holds a port on the loopback address.
final class Listener {
  let descriptor: Int32
  let port: UInt16

  init() throws {
    let descriptor = Self.open()
    var address = Self.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(bound)
    self.descriptor = descriptor
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }

  /// A connection to a port, if somebody listens there.
  static func connect(to port: UInt16) -> Int32? {
    let descriptor = open()
    var address = loopback(port)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    if connected { return descriptor }
    close(descriptor)
    return nil
  }

  private static func open() -> Int32 {
    #if os(Linux)
      socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socket(AF_INET, SOCK_STREAM, 0)
    #endif
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }
}
