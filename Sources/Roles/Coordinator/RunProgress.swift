/// What is shown of a phase while it is trained: sums over the last heartbeats of all nodes.
struct RunProgress: Sendable {
  /// By worker: steps of the phase, and the loss of the last one.
  private var workers: [(step: Int, loss: Float?)]
  /// By server: bytes it has carried in the run.
  private var byteCounts: [Int]
  private var stepSum = 0
  private var lossSum = 0.0
  private var lossCount = 0

  init(workerCount: Int, serverCount: Int) {
    workers = Array(repeating: (0, nil), count: workerCount)
    byteCounts = Array(repeating: 0, count: serverCount)
  }

  /// A phase begins.
  mutating func begin() {
    self = RunProgress(workerCount: workers.count, byteCounts: byteCounts)
  }

  private init(workerCount: Int, byteCounts: [Int]) {
    self.init(workerCount: workerCount, serverCount: 0)
    self.byteCounts = byteCounts
  }

  /// A server has carried so many bytes, or more: what it says while it is at work tells of none.
  mutating func enter(byteCount: Int, of rank: Int) {
    byteCounts[rank] = max(byteCounts[rank], byteCount)
  }

  /// A worker has come to a step. O(1).
  mutating func enter(step: Int, loss: Float?, of rank: Int) {
    let old = workers[rank]
    // One that is not finite would stay in the sum.
    let loss = loss.flatMap { $0.isFinite ? $0 : nil }
    workers[rank] = (step, loss)
    stepSum += step - old.step
    lossSum += Double(loss ?? 0) - Double(old.loss ?? 0)
    lossCount += (loss == nil ? 0 : 1) - (old.loss == nil ? 0 : 1)
  }

  /// Means over the workers; the bytes are summed.
  func event(phase: Int) -> Event {
    .progress(
      phase: phase, step: stepSum / max(1, workers.count),
      loss: lossCount > 0 ? Float(lossSum / Double(lossCount)) : nil,
      framedByteCount: byteCounts.reduce(0, +))
  }
}
