/// Something a role reports while it runs; drivers write it to `events.jsonl` or show it.
public enum Event: Sendable {
  case registered(NodeID)
  /// A node has heard its coordinator for the first time.
  case connected(NodeID)
  /// A node was told what to prepare for: the experiment's text.
  case welcomed(NodeID, experiment: String)
  case prepared(NodeID)
  case phaseOpened(phase: Int, versions: [UInt64])
  /// Mean position of the workers inside a phase.
  /// Also the bytes that the servers have carried.
  case progress(phase: Int, step: Int, loss: Float?, framedByteCount: Int)
  /// A worker came to the end of a stage of its sequence, where there is no global boundary.
  case positionFinished(worker: Int, position: Int, stage: Int)
  case phaseTrained(phase: Int)
  case measured(RunRecord.Row)
  case consolidated(BoundaryReport)
  /// A message was not accepted; the run goes on.
  case refused(reason: String, by: NodeID)
  case left(NodeID)
  /// A cut counts from now on: its parts, and after how many steps of the workers it was made.
  case cut(number: Int, step: Int, entries: [CutEntry])
  /// No cut was made, and why; the run goes on.
  case uncut(reason: String)
  /// The run goes on from a cut.
  case recovered(cut: Int, step: Int)
  /// The launcher has seen to it that the run goes on after a loss: one sentence.
  case survived(String)
  /// A node has been waiting for a while: one sentence that says for what, and until when.
  case waiting(String, by: NodeID)
  case stopped(FailureKind, reason: String)
}
