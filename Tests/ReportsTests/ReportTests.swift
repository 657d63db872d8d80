import Foundation
import Testing

@testable import Reports

/// A small complete result.
func sample(_ method: String = "ewc") -> RunResult {
  var run = RunResult()
  run.name = "tiny <script>"
  run.seed = 7
  run.method = method
  (run.methodTitle, run.role) = (RunResult.title(named: method), RunResult.Role(named: method))
  run.scenario = "domain"
  run.workers = 2
  run.servers = 1
  run.consistency = "bsp"
  run.mode = "cluster"
  run.status = "complete"
  run.taskNames = ["0-1", "a,\"b\""]
  run.classLabels = [0, 1, 5]
  run.matrix = [[0.5, 0.25], [0.9, 0.5], [0.6, 0.8]]
  run.accuracy = 0.7
  run.backwardTransfer = -0.3
  run.forgetting = 0.3
  run.learningAccuracy = 0.85
  run.chance = 0.5
  run.communication.push = .init(payloadBytes: 1_000, framedBytes: 1_100, messages: 10)
  run.perWorker = [
    .init(rank: 0, tasks: run.taskNames, matrix: run.matrix, accuracy: 0.7, backwardTransfer: nil)
  ]
  run.curve = [
    .init(step: 0, version: 0, accuracies: [0.5, 0.25]),
    .init(step: 10, version: 10, accuracies: [0.9, nil]),
  ]
  run.taskBoundaries = [.init(task: "0-1", step: 10)]
  run.diagnostics.boundaries = [
    .init(
      task: "0-1", importanceSum: 3, foldedSum: 3, penaltyGradientBefore: 0,
      penaltyGradientAfter: 0, newestTermAtAnchor: 0, curvatureMedian: 1e-4, curvature99: 0.1,
      curvatureMaximum: 0.3, divergingCoordinates: 0, exampleCount: 10,
      layers: [.init(name: "layer1.weight", sum: 3, mean: 0.03)])
  ]
  run.command = "hebb run --seed 7"
  run.experiment = "name: tiny\n"
  return run
}

/// What a result might have been made with.
func provenance(kernels: [String] = ["Zen"]) -> Provenance {
  var provenance = Provenance()
  provenance.hebb = "0.1.0"
  provenance.commit = String(repeating: "0123456789", count: 4)
  provenance.date = "2026-01-02T03:04:05Z"
  provenance.host = "<here>"
  provenance.system = "Linux"
  provenance.cores = 2
  provenance.blas = "OpenBLAS 0.3.21 DYNAMIC_ARCH"
  provenance.blasKernels = kernels
  provenance.libzmq = "4.3.4"
  provenance.libsodium = "1.0.18"
  provenance.sqlite = "3.40.1"
  return provenance
}

/// The same with bytes by task and over time: 12 rounds of two workers, two tasks.
func sampleWithBytes(_ method: String = "ewc") -> RunResult {
  var run = sample(method)
  run.communication.push = .init(
    payloadBytes: 1_000, framedBytes: 1_100, boundBytes: 812.5, messages: 10)
  run.communication.pull = .init(payloadBytes: 2_000, framedBytes: 2_200, messages: 10)
  run.communication.control = .init(payloadBytes: 80, framedBytes: 100, messages: 4)
  run.communication.byTask = [
    .init(
      task: "0-1", kind: "push",
      bytes: .init(payloadBytes: 600, framedBytes: 660, boundBytes: 500, messages: 6)),
    .init(
      task: "0-1", kind: "pull", bytes: .init(payloadBytes: 1_200, framedBytes: 1_320, messages: 6)),
    .init(
      task: "a,\"b\"", kind: "push",
      bytes: .init(
        payloadBytes: 400, framedBytes: 440, boundBytes: 312.5,
        messages: 4)),
    .init(
      task: "a,\"b\"", kind: "pull", bytes: .init(payloadBytes: 800, framedBytes: 880, messages: 4)),
    .init(
      task: nil, kind: "control", bytes: .init(payloadBytes: 80, framedBytes: 100, messages: 4)),
  ]
  run.communication.overTime = .init(
    roundWidth: 4, push: [300, 700, 1_100], pull: [800, 1_600, 2_200], importance: [0, 0, 0],
    control: [50, 60, 100], evaluation: [0, 0, 0])
  run.links = [
    .init(
      from: "worker 0", to: "server 0", kind: "push",
      bytes: .init(
        payloadBytes: 1_000, framedBytes: 1_100,
        boundBytes: 812.5, messages: 10))
  ]
  run.steps = 12
  run.taskBoundaries = [.init(task: "0-1", step: 6), .init(task: "a,\"b\"", step: 12)]
  return run
}

@Suite struct `Result file` {
  @Test func `has every key of schema 1 and null for what is absent`() throws {
    let data = try ResultJSON.encode(sample())
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let keys = [
      "schema", "name", "seed", "method", "scenario", "workers", "servers", "consistency", "mode",
      "matrix", "accuracy", "backward_transfer", "forward_transfer", "forgetting",
      "learning_accuracy", "intransigence", "per_worker", "communication", "steps", "examples",
      "wall_seconds", "virtual_seconds", "steps_per_second", "phases", "weights_sha256",
      "staleness", "spatial_skew", "stage_skew", "diagnostics", "faults",
    ]
    for key in keys { #expect(object[key] != nil, "\(key)") }
    #expect(object["intransigence"] is NSNull && object["virtual_seconds"] is NSNull)
    let push = (object["communication"] as? [String: Any])?["push"] as? [String: Any]
    #expect(push?["payload_bytes"] as? Int == 1_000 && push?["framed_bytes"] as? Int == 1_100)
    let worker = (object["per_worker"] as? [[String: Any]])?.first
    #expect(worker?["backward_transfer"] is NSNull)
  }

  @Test func `reads back as the same result, alone and compared`() throws {
    #expect(try ResultJSON.decode(ResultJSON.encode(sample()), file: "f") == [sample()])
    let comparison = ComparisonResult(name: "x", runs: [sample("none"), sample("mas")])
    #expect(try ResultJSON.decode(ResultJSON.encode(comparison), file: "f") == comparison.runs)
  }

  @Test func `another schema or file is refused by name`() {
    #expect(throws: ReportError("f has schema 2; this program reads 1")) {
      try ResultJSON.decode(Data("{\"schema\": 2}".utf8), file: "f")
    }
    #expect(throws: ReportError.self) { try ResultJSON.decode(Data("[]".utf8), file: "f") }
  }

  @Test func `the matrix as CSV has quotes where names need them`() {
    #expect(
      ResultFolder.csv(sample())
        == "after_task,task 0-1,\"task a,\"\"b\"\"\"\nuntrained,0.5,0.25\ntask 0-1,0.9,0.5\n"
        + "\"task a,\"\"b\"\"\",0.6,0.8\n")
  }

  @Test func `safetensors begin with the length of a padded header`() {
    let floats = Data([0, 0, 128, 63, 0, 0, 0, 64])
    let file = Safetensors.encode([.init(name: "w", shape: [2, 1])], floats: floats)
    let length = file.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    #expect(length.isMultiple(of: 8) && file.count == 8 + length + 8)
    let header = String(decoding: file.dropFirst(8).prefix(length), as: UTF8.self)
    #expect(
      header.trimmingCharacters(in: .whitespaces)
        == "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}")
    #expect(file.suffix(8) == floats)
  }

  @Test func `safetensors carry what is said about them`() throws {
    let file = Safetensors.encode(
      [.init(name: "w", shape: [1])], floats: Data(count: 4),
      metadata: ["seed": "18446744073709551615", "experiment": "name: \"a\\b\"\nseed: 1\n\u{1}"])
    let length = file.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length)) as? [String: Any])
    #expect(
      header["__metadata__"] as? [String: String] == [
        "seed": "18446744073709551615", "experiment": "name: \"a\\b\"\nseed: 1\n\u{1}",
      ])
    #expect((header["w"] as? [String: Any])?["data_offsets"] as? [Int] == [0, 4])
  }

  @Test func `intransigence comes from a joint run of the same tasks`() {
    var joint = sample("joint")
    joint.matrix = [[nil, nil], [nil, nil], [0.95, 0.9]]
    let runs = RunResult.withIntransigence([sample(), joint])
    // ((0.95 − 0.9) + (0.9 − 0.8)) / 2
    #expect(abs((runs[0].intransigence ?? 0) - 0.075) < 1e-12)
    #expect(runs[1].intransigence == nil)
  }
}

@Suite struct `Screen` {
  @Test func `without colour there is no control character`() {
    let text = Summary([sample("none"), sample()], style: .init(hasColor: false, width: 80)).text
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(text.contains("after 0-1") && text.contains("90.0") && text.contains("-30.0"))
  }

  @Test func `with colour cells have a background`() {
    let text = Summary([sample()], style: .init(hasColor: true, width: 80)).text
    #expect(text.contains("\u{1B}[48;2;"))
  }

  @Test(arguments: [20, 60, 100])
  func `a progress line fits the terminal`(width: Int) {
    let line = ProgressLine(
      method: "ewc", task: "0-1", taskNumber: 1, taskCount: 5, step: 50, stepCount: 200,
      seconds: 0.5, loss: 0.25)
    let text = line.text(.init(hasColor: false, width: width))
    #expect(text.count <= width)
    if width == 100 {
      // 100 steps a second leave 1.5 s for the other 150.
      #expect(text.contains("50/200 · 100/s · 1.5 s left · loss 0.250"))
    }
  }

  @Test func `numbers are for people`() {
    #expect(Figures.bytes(999) == "999 B" && Figures.bytes(1_234_567) == "1.23 MB")
    #expect(Figures.seconds(0.25) == "250 ms" && Figures.seconds(125) == "2 min 5 s")
    #expect(Figures.count(1_234_567) == "1,234,567" && Figures.count(12) == "12")
    #expect(Figures.signedPercent(-0.1234) == "-12.3" && Figures.percent(nil) == "–")
    let ratios = [1 / 119.7, 0.1, 0.4, 0.5, 0.507, 1, 1.004, 2.345, 0, .nan]
    #expect(
      ratios.map(Figures.ratio) == [
        "1/120", "1/10", "1/2.5", "1/2", "0.51", "1", "1", "2.35", "–", "–",
      ])
  }
}

@Suite struct `Report page` {
  @Test func `is self-contained and escapes names`() {
    let page = ReportPage([sample("none"), sample()]).html
    #expect(!page.contains("<script") && page.contains("&lt;script&gt;"))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("src="))
    #expect(page.contains("hebb run --seed 7"))
  }

  @Test func `closes every element that it opens`() {
    var open: [String] = []
    let page = ReportPage([sample("none"), sample()]).html
    let voids = ["meta", "!doctype", "br"]
    for piece in page.split(separator: "<").dropFirst() {
      guard let tag = piece.split(separator: ">").first else { continue }
      let name = String(tag.split(whereSeparator: { " /".contains($0) }).first ?? "")
      if tag.hasPrefix("/") {
        #expect(open.last == name, "</\(name)> closes <\(open.last ?? "nothing")>")
        if open.last == name { open.removeLast() }
      } else if !tag.hasSuffix("/") && !voids.contains(name) {
        open.append(name)
      }
    }
    #expect(open.isEmpty, "\(open)")
  }

  @Test func `says what its results were made with, once`() {
    var runs = [sample("none"), sample()]
    #expect(!ReportPage(runs).html.contains("<footer>"))
    for index in runs.indices { runs[index].provenance = provenance() }
    runs[1].provenance?.date = "2026-01-02T03:05:06Z"
    let page = ReportPage(runs).html
    #expect(
      page.contains(
        "<footer><p class=\"soft\">2026-01-02T03:04:05Z · hebb 0.1.0 (012345678901) · &lt;here&gt; "
          + "· Linux · 2 cores · OpenBLAS 0.3.21, kernel Zen · libzmq 4.3.4, libsodium 1.0.18, "
          + "SQLite 3.40.1</p></footer>"))
    #expect(!page.contains("different kernels"))
    for (isEncrypted, words) in [(true, "encrypted"), (false, "not encrypted")] {
      runs[0].provenance?.isEncrypted = isEncrypted
      #expect(ReportPage(runs).html.contains("SQLite 3.40.1 · \(words)</p>"))
    }
  }

  @Test func `names the kernels that differ, as the screen does`() {
    var runs = [sample("none"), sample()]
    runs[0].provenance = provenance(kernels: ["Zen", "Haswell"])
    runs[1].provenance = provenance(kernels: ["Zen"])
    let words = "different kernels of the matrix library (Haswell, Zen), so equal seeds need not"
    #expect(ReportPage(runs).html.contains(words))
    #expect(Summary(runs, style: .init(hasColor: false, width: 400)).text.contains(words))
  }

  @Test func `promises the same bits only where they are`() {
    var run = sample()
    run.isRepeatable = true
    #expect(ReportPage([run]).html.contains("gives the same bits"))
    run.isRepeatable = false
    #expect(ReportPage([run]).html.contains("not the same bits"))
  }

  @Test(arguments: [true, false])
  func `has the figures that the screen has`(isCompared: Bool) {
    var joint = sample("joint")
    joint.matrix = [[nil, nil], [nil, nil], [0.95, 0.9]]
    // ((0.95 − 0.9) + (0.9 − 0.8)) / 2, whether or not whoever shows it has thought of it.
    let runs = isCompared ? RunResult.withIntransigence([sample(), joint]) : [sample(), joint]
    let text = Summary(runs, style: .init(hasColor: false, width: 120)).text
    #expect(text.contains("intransigence") && text.contains(" 7.5"))
    let page = ReportPage(runs).html
    #expect(page.contains(">7.5</td>") && page.contains("<th scope=\"col\">intransigence</th>"))
  }

  @Test func `numbers in figures are finite`() {
    let page = ReportPage([sample()]).html
    #expect(!page.contains("nan") && !page.contains("\"inf"))
  }
}
