import CBLAS
import Foundation
import Reports
import Testing

/// A small run, and the SHA-256 of the weights on which it ends.
struct PinnedRun: Sendable, CustomTestStringConvertible {
  let name: String
  let settings: String
  let weights: String

  init(_ name: String, _ settings: String, _ weights: String) {
    self.name = name
    self.settings = settings
    self.weights = weights
  }

  var testDescription: String { name }

  /// What all of them share: three tasks of two glyphs, twelve steps each.
  static let common =
    givenCosts
    + [
      "stream.iterations=12", "model.hidden=[16]", "stream.tasks=3",
      "stream.test-examples-per-task=20", "batch=32", "compare=none", "evaluation.every-steps=none",
    ].flatMap { ["--set", $0] }

  /// Runs it on the kernels that the hashes were recorded with.
  func run() throws -> RunResult {
    let scratch = Scratch()
    // Only a split stream has classes for each task.
    let classes = settings.contains("stream.kind=") ? "" : " stream.classes=[[0,1],[2,3],[4,5]]"
    let sets = (settings + classes).split(separator: " ").flatMap { ["--set", String($0)] }
    let (process, _, errors) = Program.make(
      ["simulate", "--output", scratch.file("out"), "--quiet"] + Self.common + sets)
    process.environment = ProcessInfo.processInfo.environment
      .merging(["OPENBLAS_CORETYPE": "Haswell"]) { $1 }
    try process.run()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
    return try ResultFolder(scratch.file("out")).read()[0]
  }

  /// Whether this machine has the matrix library and the instructions the hashes were recorded
  /// with.
  static var isComparable: Bool {
    let library = String(cString: openblas_get_config())
    let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return library.hasPrefix("OpenBLAS 0.3.21 ") && processor.contains(" avx2 ")
  }

  static let all = [
    PinnedRun(
      "none",
      "method.name=none",
      "243063f47f5cd7177193eca797678b486eac4a64fbc17886d7616e4245cdba4c"),
    PinnedRun(
      "joint",
      "method.name=joint",
      "3bc44c16d11bbfcc74a3c395c6a848ca9df3a2ad77c885f6755209f26877f763"),
    PinnedRun(
      "independent",
      "method.name=independent",
      "46dfbf569894f2c27edfd84816358ada38faf0d7449c7a9f31ec97f0e28c6859"),
    PinnedRun(
      "l2",
      "method.name=l2 method.lambda=3",
      "8071fa544f76c479612ae2463f057e5d7372d8c58b5951d7e1d548138e8aa530"),
    PinnedRun(
      "ewc",
      "method.name=ewc method.lambda=100",
      "a409ee791ddee1966e81f06e44aad4f0dbc6eac7112a0c55ccce7186bd50f253"),
    PinnedRun(
      "online ewc",
      "method.name=ewc method.lambda=100 method.mode=online method.decay=0.9",
      "d1987dd33c2417ebb10c23e27ad7824111d9a7128c5125e88bd8ddc7d94b425e"),
    PinnedRun(
      "ewc sampled",
      "method.name=ewc method.lambda=100 method.fisher=sampled penalty.form=proximal",
      "acec82d294a80447c82137b44bb9b1a1a63133d92d20ee203a89a1fc70f32e5c"),
    PinnedRun(
      "mas",
      "method.name=mas method.lambda=1",
      "07adb48514ba3e5e41aea64083bf208196694d0b7ffa7c1b991b4767b29dc7a8"),
    PinnedRun(
      "si",
      "method.name=si method.lambda=10 optimizer.kind=momentum optimizer.rate=0.05",
      "4d3b201eb3f5450627ac079e289f82793733a150b935f2a6dfc297afb952b4d8"),
    PinnedRun(
      "fedcurv",
      "method.name=fedcurv method.lambda=10 cluster.consistency=local"
        + " cluster.local-steps=3 optimizer.kind=sgd optimizer.rate=0.1",
      "4bbdda0960fad3e9dc5801ddc273ff2ec574d2cfec644a9ef1b5e65a638ee980"),
    PinnedRun(
      "proximal",
      "method.name=mas method.lambda=1 penalty.form=proximal optimizer.kind=sgd"
        + " optimizer.rate=0.1",
      "402b0f0cd52f642c00b1d50486ac340ea55fe14b593a105209087a2be1e23bc8"),
    PinnedRun(
      "penalty at workers",
      "method.name=ewc method.lambda=100 penalty.at=worker",
      "2b1306d5e4f1c5a77ca8292f8d6f6c464c6a455bc486b74564350079ce02e5b8"),
    PinnedRun(
      "lazy",
      "method.name=ewc method.lambda=10 penalty.form=proximal penalty.lazy=true"
        + " optimizer.kind=sgd optimizer.rate=0.1 communication.push-codec=top-k"
        + " communication.push-density=0.05",
      "cbbb6a7dc5f69ba03016b86940bf51f38ee24e3721f14f99e03afbf7b8c0c07e"),
    PinnedRun(
      "ssp",
      "method.name=ewc method.lambda=100 cluster.consistency=ssp"
        + " cluster.staleness-bound=2 cluster.factors=[1,1,2,4]",
      "aa132aefd0cc42455a5c096bc63112317b1cf1408b1e124680b696a2a60c0f09"),
    PinnedRun(
      "asp",
      "method.name=si method.lambda=10 cluster.consistency=asp"
        + " cluster.delay-compensation=0.1 optimizer.kind=sgd optimizer.rate=0.1",
      "b474eaf39aed867b34a3742cb970592cb08706bd700720911fdbc98d0cb8ae53"),
    PinnedRun(
      "local steps",
      "method.name=ewc method.lambda=100 cluster.consistency=local"
        + " cluster.local-steps=3 cluster.outer-momentum=0.5",
      "7a33118cc012d3fb0ea2e7b98815e4e80c110051490f4e943404001ac1975302"),
    PinnedRun(
      "codecs",
      "method.name=ewc method.lambda=100 communication.push-codec=top-k"
        + " communication.push-density=0.1 communication.pull-codec=top-k"
        + " communication.pull-density=0.1 communication.importance=log8",
      "cdb8a99447be1b314fe14d52be752bc7a63394feb31dd0a70ba304fa8adf9823"),
    PinnedRun(
      "int8",
      "method.name=mas method.lambda=1 communication.push-codec=int8"
        + " communication.push-momentum=0.5 optimizer.kind=sgd optimizer.rate=0.1",
      "6b96bc42ba1deb4ae41371d97f421ce0bd53c375c538d65835662e517b77b36e"),
    PinnedRun(
      "skewed",
      "method.name=mas method.lambda=1 placement.kind=dirichlet-by-class"
        + " placement.beta=0.3",
      "7aa2598ba789cff7cea44f3f0e09b31a7cab051f0c727cab49e821523dccea91"),
    PinnedRun(
      "owned",
      "method.name=ewc method.lambda=100 arrival.order=owned"
        + " method.consolidate=on-worker-boundary cluster.workers=3",
      "205d75974d1a0be9fe4e6ac870b390c1f037c80b1a9a3098db3fe0818204a8a2"),
    PinnedRun(
      "rotated",
      "method.name=si method.lambda=10 arrival.order=rotated"
        + " method.consolidate=on-worker-boundary arrival.onset=offset",
      "281cd6d96e03f335ce7d7a33d498d5bd9bfe37d76ffb470e25fe26e5f4fb6896"),
    PinnedRun(
      "blurry",
      "method.name=mas method.lambda=1 arrival.boundary=blurry",
      "64c09ce12975415d074db8922ccf1f58c263367b1f7d879901aeab234f459f10"),
    PinnedRun(
      "three servers",
      "method.name=ewc method.lambda=100 cluster.servers=3",
      "a409ee791ddee1966e81f06e44aad4f0dbc6eac7112a0c55ccce7186bd50f253"),
    PinnedRun(
      "backup workers",
      "method.name=none cluster.drop=1 cluster.factors=[1,1,1,3]",
      "bb9bd8696439f8aa921e0f8527af133fd773ec5dbfd813c6906084b1cd5b80e0"),
    PinnedRun(
      "permuted",
      "method.name=ewc method.lambda=100 stream.kind=permuted stream.scenario=task",
      "35d55cb9829b9f50cabe8bdcbc6d3c587ce197025c2407edc59ef409d681533f"),
    PinnedRun(
      "class",
      "method.name=mas method.lambda=1 stream.scenario=class stream.loss-classes=seen",
      "fdc23467f238ba749d97134d5755856c4c59d00d7e3c4936438738321e523175"),
    PinnedRun(
      "replay",
      "method.name=replay method.memory=20 stream.scenario=class",
      "c3ca6c208b52ec47c14b1535a1239c372bc321e907334f92808201006011195b"),
    PinnedRun(
      "replay and ewc over all workers",
      "method.name=replay+ewc method.lambda=100 method.share=0.5 stream.batches=global"
        + " arrival.order=owned",
      "388410ac09562f430c14639ef64f7d375271da6b6cea6bec4160a48d44e906ba"),
    PinnedRun(
      "lwf",
      "method.name=lwf stream.scenario=task",
      "aa8cc40f1efb7c592a81002ec32535b41b97611ff49beb6381145775457774aa"),
  ]
}

extension Processes {
  @Suite struct `The bits of every method` {
    @Test(
      .enabled(
        if: PinnedRun.isComparable,
        "the hashes were recorded with OpenBLAS 0.3.21 on a processor with AVX2"),
      arguments: PinnedRun.all)
    func `end on the weights on which they always ended`(pinned: PinnedRun) throws {
      #expect(try pinned.run().weightsSha256 == pinned.weights)
    }
  }
}
