import Foundation
import Testing

@testable import Reports

@Suite struct `Result coding` {
  private func object(_ run: RunResult) throws -> [String: Any] {
    let data = try ResultJSON.encode(run)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `has exactly these keys, whatever is absent`() throws {
    let keys: Set<String> = [
      "schema", "name", "seed", "method", "method_title", "role", "scenario", "workers", "servers",
      "consistency", "mode",
      "status", "task_names", "class_labels", "matrix", "accuracy", "backward_transfer",
      "backward_transfer_over_t", "forward_transfer", "forgetting", "learning_accuracy",
      "intransigence", "chance", "tasks_at_chance", "per_worker", "communication", "links",
      "steps", "examples", "wall_seconds", "virtual_seconds", "steps_per_second", "phases",
      "weights_sha256", "staleness", "spatial_skew", "stage_skew", "task_boundaries", "curve",
      "losses", "diagnostics", "faults", "command", "experiment", "arrangement",
      "anytime_accuracy", "minimum_accuracy", "disagreement", "nodes", "time_to_accuracy",
      "data_sha256", "repeatable", "provenance", "kept", "work",
    ]
    #expect(Set(try object(RunResult()).keys) == keys)
    #expect(Set(try object(sample()).keys) == keys)
  }

  @Test func `nested parts have exactly their keys`() throws {
    let run = try object(sample())
    let diagnostics = try #require(run["diagnostics"] as? [String: Any])
    #expect(
      Set(diagnostics.keys) == [
        "strength", "form", "boundaries", "diverging_coordinates", "refused_messages",
        "duplicate_pushes", "notes", "activity",
      ])
    let boundary = try #require((diagnostics["boundaries"] as? [[String: Any]])?.first)
    #expect(
      Set(boundary.keys) == [
        "task", "importance_sum", "folded_sum", "penalty_gradient_before",
        "penalty_gradient_after", "newest_term_at_anchor", "curvature_median", "curvature99",
        "curvature_maximum", "diverging_coordinates", "example_count", "layers",
      ])
    let point = try #require((run["curve"] as? [[String: Any]])?.last)
    #expect(Set(point.keys) == ["step", "version", "accuracies", "seconds"])
    #expect((point["accuracies"] as? [Any])?.last is NSNull)
    #expect((run["staleness"] as? [String: Any])?["max"] is NSNull)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `keeps a result whose numbers are not finite, with null for them`(value: Double) throws {
    var run = sample()
    run.losses = [.init(step: 3, loss: value)]
    run.stepsPerSecond = value
    run.phases.wait = value
    run.matrix[2][1] = value
    run.diagnostics.boundaries[0].curvatureMaximum = value
    run.diagnostics.boundaries[0].layers[0].mean = value
    let object = try object(run)
    #expect(object["steps_per_second"] is NSNull)
    #expect(((object["losses"] as? [[String: Any]])?.first)?["loss"] is NSNull)
    let again = try ResultJSON.decode(ResultJSON.encode(run), file: "f")[0]
    #expect(again.losses[0].step == 3 && again.losses[0].loss.isNaN && again.phases.wait.isNaN)
    #expect(again.matrix[2] == [0.6, nil] && again.stepsPerSecond == nil)
    #expect(again.diagnostics.boundaries[0].curvatureMaximum.isNaN)
    #expect(!ReportPage([again]).html.contains("nan"))
  }

  @Test func `keeps every bit of a seed and of a fraction`() throws {
    var run = sample()
    run.seed = .max
    run.accuracy = 0.1 + 0.2
    run.forgetting = 4.76837158203125e-07
    let again = try ResultJSON.decode(ResultJSON.encode(run), file: "f")[0]
    #expect(again == run)
  }

  @Test func `says what it was made with, and reads results that do not`() throws {
    var run = sample()
    run.provenance = provenance()
    run.dataSha256 = "ab"
    run.isRepeatable = true
    let text = String(decoding: try ResultJSON.encode(run), as: UTF8.self)
    #expect(try ResultJSON.decode(Data(text.utf8), file: "f") == [run])
    let object = try #require(try object(run)["provenance"] as? [String: Any])
    #expect(
      Set(object.keys) == [
        "hebb", "commit", "figures_version", "date", "host", "system", "processor", "cores",
        "blas", "blas_kernels", "libzmq", "libsodium", "sqlite", "encrypted",
      ])
    #expect(object["processor"] is NSNull && object["blas_kernels"] as? [String] == ["Zen"])
    let parts = ##"  "(provenance" : \{[^}]*\}|data_sha256" : "ab"|repeatable" : true),\n"##
    let older = text.replacing(try Regex(parts), with: "")
    run.provenance = nil
    run.dataSha256 = nil
    run.isRepeatable = nil
    #expect(older.count < text.count)
    #expect(try ResultJSON.decode(Data(older.utf8), file: "f") == [run])
  }

  @Test func `gives equal bytes for equal results, with sorted keys`() throws {
    let text = String(decoding: try ResultJSON.encode(sample()), as: UTF8.self)
    #expect(try ResultJSON.encode(sample()) == Data(text.utf8))
    let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
    #expect(keys.count == 55 && keys == keys.sorted())
  }

  @Test(arguments: [
    ("no json", "f is not JSON; name a folder that `hebb run --output` made"),
    ("[]", "f is no result of a run; name the folder given to --output"),
    ("{\"schema\": 1}", "f lacks the key name; repeat the run that made it"),
    (
      "{\"schema\": 1, \"name\": \"x\", \"runs\": []}",
      "f holds no run; repeat what made it"
    ),
  ])
  func `says in one sentence what is wrong with a file`(text: String, sentence: String) {
    #expect(throws: ReportError(sentence)) {
      try ResultJSON.decode(Data(text.utf8), file: "f")
    }
  }

  @Test func `names the place of a value of the wrong kind`() throws {
    let text = String(decoding: try ResultJSON.encode(sample()), as: UTF8.self)
      .replacingOccurrences(of: "\"messages\" : 10,", with: "\"messages\" : \"ten\",")
    #expect(
      throws: ReportError(
        "f has something unexpected at communication.push.messages; repeat the run that made it")
    ) { try ResultJSON.decode(Data(text.utf8), file: "f") }
  }

  @Test func `has bytes by task and over time, with a bound beside every count`() throws {
    let run = sampleWithBytes()
    let again = try ResultJSON.decode(ResultJSON.encode(run), file: "f")[0]
    #expect(again == run)
    let sent = try #require(try object(run)["communication"] as? [String: Any])
    #expect(
      Set(sent.keys) == [
        "push", "pull", "importance", "control", "evaluation", "by_task", "over_time",
      ])
    let counts: Set<String> = ["payload_bytes", "framed_bytes", "bound_bytes", "messages"]
    let push = try #require(sent["push"] as? [String: Any])
    #expect(Set(push.keys) == counts && push["bound_bytes"] as? Double == 812.5)
    let tasks = try #require(sent["by_task"] as? [[String: Any]])
    #expect(tasks.allSatisfy { Set($0.keys) == counts.union(["task", "kind"]) })
    #expect(tasks.last?["task"] is NSNull)
    let time = try #require(sent["over_time"] as? [String: Any])
    #expect(time["round_width"] as? Int == 4 && time["push"] as? [Int] == [300, 700, 1_100])
    let link = try #require((try object(run)["links"] as? [[String: Any]])?.first)
    #expect(Set(link.keys) == counts.union(["from", "to", "kind", "task"]))
  }

  @Test func `reads results from before bounds, tasks and time were counted`() throws {
    let text = String(decoding: try ResultJSON.encode(sampleWithBytes()), as: UTF8.self)
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    var sent = try #require(object["communication"] as? [String: Any])
    sent["by_task"] = nil
    sent["over_time"] = nil
    sent["push"] = ["payload_bytes": 1_000, "framed_bytes": 1_100, "messages": 10]
    object["communication"] = sent
    let old = try JSONSerialization.data(withJSONObject: object)
    let run = try ResultJSON.decode(old, file: "f")[0]
    #expect(run.communication.push == sample().communication.push)
    #expect(run.communication.byTask.isEmpty && run.communication.overTime == .init())
  }

  @Test func `bytes by task stand in the order of tasks and kinds`() {
    func entry(_ task: String?, _ kind: String) -> RunResult.TaskBytes {
      .init(
        task: task, kind: kind, bytes: .init(payloadBytes: 1, framedBytes: 2, messages: 3))
    }
    let entries = [
      entry(nil, "push"), entry("other", "pull"), entry("a", "pull"), entry("a", "push"),
      entry("b", "evaluation"), entry("b", "strange"), entry("b", "control"),
    ]
    let sorted = RunResult.TaskBytes.sorted(entries, tasks: ["b", "a"])
    #expect(
      sorted.map { "\($0.task ?? "-") \($0.kind)" } == [
        "b control", "b evaluation", "b strange", "a push", "a pull", "other pull", "- push",
      ])
  }

  @Test func `refuses parts that do not fit together, which tables would stumble over`() throws {
    func refusal(_ change: (inout RunResult) -> Void) throws -> String {
      var run = sample()
      change(&run)
      let data = try ResultJSON.encode(run)
      let error = #expect(throws: ReportError.self) { try ResultJSON.decode(data, file: "f") }
      return try #require(error).description
    }
    #expect(try refusal { $0.taskNames.removeLast() }.contains("matrix that is not 2 × 1"))
    #expect(try refusal { $0.matrix[1].append(0) }.contains("matrix that is not 3 × 2"))
    #expect(try refusal { $0.curve[1].accuracies = [] }.contains("curve"))
    #expect(try refusal { $0.perWorker[0].matrix = [] }.contains("per_worker"))
    #expect(try refusal { $0.communication.overTime.pull = [1] }.contains("different lengths"))
    #expect(
      try refusal {
        $0.communication.overTime = sampleWithBytes().communication.overTime
        $0.communication.overTime.roundWidth = 0
      }.contains("round_width 0"))
    #expect(
      try refusal {
        $0.diagnostics.boundaries.append($0.diagnostics.boundaries[0])
        $0.diagnostics.boundaries[1].layers[0].name = "other"
      }.contains("different layers"))
  }
}

@Suite struct `Result folder` {
  private func scratch() throws -> String {
    let path = NSTemporaryDirectory() + "reports-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func `writes what it reads, and nothing half`() throws {
    let path = try scratch()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ResultFolder(path)
    try folder.write(sample())
    try folder.write(sample("mas"))
    #expect(try folder.read() == [sample("mas")])
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == ["experiment.yaml", "matrix.csv", "result.json"])
    #expect(
      try String(contentsOfFile: path + "/experiment.yaml", encoding: .utf8) == "name: tiny\n")
  }

  @Test func `names what is missing`() throws {
    let path = try scratch()
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(
      throws: ReportError(
        "\(path)/result.json is missing; name a folder that `hebb run --output` made")
    ) { try ResultFolder(path).read() }
    #expect(
      throws: ReportError(
        "there is no folder \(path)/no; name one that `hebb run --output` made")
    ) { try ResultFolder(path + "/no").read() }
  }

  @Test func `prepares only a place that is free`() throws {
    let path = try scratch()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ResultFolder(path + "/a/b").prepare(overwrite: false)
    try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/a/b/file"))
    #expect(throws: ReportError.self) { try ResultFolder(path + "/a/b").prepare(overwrite: false) }
    try ResultFolder(path + "/a/b").prepare(overwrite: true)
    #expect(throws: ReportError.self) {
      try ResultFolder(path + "/a/b/file").prepare(overwrite: true)
    }
  }

  @Test func `leaves cells of the CSV empty that were not evaluated`() {
    var run = sample()
    run.matrix[1] = [nil, .nan]
    run.taskNames[1] = "a\rb"
    #expect(
      ResultFolder.csv(run)
        == "after_task,task 0-1,\"task a\rb\"\nuntrained,0.5,0.25\ntask 0-1,,\n"
        + "\"task a\rb\",0.6,0.8\n")
  }

  @Test func `safetensors of two tensors are these bytes`() {
    let floats = Data((0..<12).map(UInt8.init))
    let file = Safetensors.encode(
      [.init(name: "a\"\\\n", shape: [2]), .init(name: "b", shape: [])], floats: floats)
    let header =
      #"{"a\"\\\u000a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(
      file == Data([UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(padded.utf8) + floats)
  }
}
