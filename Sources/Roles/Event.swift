/// Something a role reports while it runs; drivers write it to `events.jsonl` or show it.
public enum Event: Sendable {
  case registered(NodeID)
  case prepared(NodeID)
  case stageOpened(stage: Int, version: UInt64)
  /// Mean position of the workers inside a stage.
  case progress(stage: Int, step: Int, loss: Float?)
  case stageTrained(stage: Int, version: UInt64)
  case rowMeasured(row: Int, version: UInt64, accuracies: [Double?])
  case sampled(step: Int, version: UInt64, accuracies: [Double?])
  case consolidated(stage: Int, report: BoundaryReport)
  /// A message was not accepted; the run goes on.
  case refused(reason: String, by: NodeID)
  case left(NodeID)
  case stopped(FailureKind, reason: String)
}
