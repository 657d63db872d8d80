import Consolidation
import Foundation
import Reports
import Roles

/// Writes `events.jsonl`: one line per event, in order.
final class EventLog {
  private let handle: FileHandle

  /// Begins a new file.
  init(_ folder: ResultFolder) throws {
    try folder.write(Data(), to: "events.jsonl")
    guard let handle = FileHandle(forWritingAtPath: folder.file("events.jsonl")) else {
      throw ReportError("cannot write \(folder.file("events.jsonl"))")
    }
    self.handle = handle
  }

  deinit { try? handle.close() }

  func write(_ event: Event, at now: Instant) {
    var line: [String: Any] = ["seconds": (now.seconds * 1e6).rounded() / 1e6]
    switch event {
    case .registered(let node): line["event"] = "registered"; line["node"] = "\(node)"
    case .prepared(let node): line["event"] = "prepared"; line["node"] = "\(node)"
    case .left(let node): line["event"] = "left"; line["node"] = "\(node)"
    case .stageOpened(let stage, let version):
      line["event"] = "opened"; line["stage"] = stage; line["version"] = version
    case .progress: return
    case .stageTrained(let stage, let version):
      line["event"] = "trained"; line["stage"] = stage; line["version"] = version
    case .rowMeasured(let row, let version, let accuracies):
      line["event"] = "measured"; line["row"] = row; line["version"] = version
      line["accuracies"] = accuracies.map { $0 as Any? ?? NSNull() }
    case .sampled(let step, let version, let accuracies):
      line["event"] = "sampled"; line["step"] = step; line["version"] = version
      line["accuracies"] = accuracies.map { $0 as Any? ?? NSNull() }
    case .consolidated(let stage, let report):
      line["event"] = "consolidated"; line["stage"] = stage
      line["importance_sum"] = report.ledger.reduce(0) { $0 + $1.importanceSum }
    case .refused(let reason, let node):
      line["event"] = "refused"; line["by"] = "\(node)"; line["reason"] = reason
    case .stopped(let kind, let reason):
      line["event"] = "stopped"; line["kind"] = kind.rawValue; line["reason"] = reason
    }
    guard
      var data = try? JSONSerialization.data(
        withJSONObject: line, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return }
    data.append(0x0A)
    try? handle.write(contentsOf: data)
  }
}
