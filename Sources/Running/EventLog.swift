import Consolidation
import Foundation
import Reports
import Roles

/// Writes `events.jsonl`: one line per event, in order.
final class EventLog {
  private let handle: FileHandle

  /// - Parameter isNew: Whether to begin a new file, or to go on with the one that is there.
  init(_ folder: ResultFolder, isNew: Bool) throws {
    let isThere = FileManager.default.fileExists(atPath: folder.file("events.jsonl"))
    if isNew || !isThere { try folder.write(Data(), to: "events.jsonl") }
    guard let handle = FileHandle(forWritingAtPath: folder.file("events.jsonl")) else {
      throw ReportError("cannot write \(folder.file("events.jsonl"))")
    }
    self.handle = handle
    _ = try? handle.seekToEnd()
  }

  deinit { try? handle.close() }

  func write(_ event: Event, at now: Instant) {
    var line: [String: Any] = ["seconds": (now.seconds * 1e6).rounded() / 1e6]
    switch event {
    case .registered(let node): line["event"] = "registered"; line["node"] = "\(node)"
    case .waiting(let sentence, let node):
      line["event"] = "waiting"; line["by"] = "\(node)"; line["reason"] = sentence
    case .prepared(let node): line["event"] = "prepared"; line["node"] = "\(node)"
    case .left(let node): line["event"] = "left"; line["node"] = "\(node)"
    case .phaseOpened(let phase, let versions):
      line["event"] = "opened"; line["phase"] = phase; line["versions"] = versions
    case .cut(let number, let step, let entries):
      line["event"] = "saved"; line["cut"] = number; line["step"] = step
      line["bytes"] = entries.reduce(0) { $0 + $1.byteCount }
      line["seconds_to_write"] = entries.map(\.seconds).max() ?? 0
    case .uncut(let reason): line["event"] = "not saved"; line["reason"] = reason
    case .recovered(let cut, let step):
      line["event"] = "recovered"; line["cut"] = cut; line["step"] = step
    case .survived(let sentence): line["event"] = "survived"; line["reason"] = sentence
    case .progress, .connected, .welcomed: return
    case .positionFinished(let worker, let position, let stage):
      line["event"] = "finished"; line["worker"] = worker; line["leg"] = position
      line["stage"] = stage
    case .phaseTrained(let phase):
      line["event"] = "trained"; line["phase"] = phase
    case .measured(let row):
      line["event"] = "measured"; line["occasion"] = row.occasion.word
      line["step"] = row.step; line["versions"] = row.versions
      line["accuracies"] = row.accuracies.map { $0 as Any? ?? NSNull() }
    case .consolidated(let report):
      line["event"] = "consolidated"; line["stage"] = report.stage
      line["worker"] = report.worker.map { $0 as Any } ?? NSNull()
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

extension RunRecord.Row.Occasion {
  fileprivate var word: String {
    switch self {
    case .untrained: "untrained"
    case .boundary: "boundary"
    case .sample: "sample"
    }
  }
}
