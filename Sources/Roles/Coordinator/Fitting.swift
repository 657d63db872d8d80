import Archives
import Models

/// What the coordinator does at a boundary for a method's readout: it asks all workers what is to
/// be known of the examples that they keep, and fits the readout to what they say.
struct Fitting: Sendable {
  private let readout: (any Readout)?
  private let workerCount: Int
  /// Of the last boundary; `nil` before the first, and without a readout.
  private(set) var fit: [Float]?
  /// What is being waited for.
  private var pending: Pending?

  /// Statements of one boundary that are still coming in.
  private struct Pending {
    let id: Int
    let phase: Int
    var awaited: Barrier
    /// By worker.
    var statements: [[StatementRecord]]
  }

  init(_ plan: RunPlan) {
    readout = plan.method.readout
    workerCount = plan.workerCount
  }

  /// Whether there is anything to fit.
  var isNeeded: Bool { readout != nil }

  /// Whether no statement is waited for.
  var isAtRest: Bool { pending == nil }

  /// All workers are asked.
  ///
  /// - Parameters:
  ///   - id: Of the request.
  ///   - phase: After which it is.
  mutating func begin(_ id: Int, after phase: Int) {
    let workers = (0..<workerCount).map { NodeID.worker($0) }
    pending = Pending(
      id: id, phase: phase, awaited: Barrier(workers),
      statements: Array(repeating: [], count: workerCount))
  }

  /// Enters what a worker says.
  ///
  /// - Returns: The phase and what the readout is fitted to, once all have said it.
  /// - Throws: A refusal if the worker was not asked; a failure if what the workers say cannot be
  ///   joined.
  mutating func enter(
    _ id: Int, _ records: [StatementRecord], from sender: NodeID
  ) throws(Objection) -> (phase: Int, fit: [Float])? {
    guard let readout, var pending, pending.id == id, pending.awaited.arrive(sender) else {
      throw .refusal("\(sender) stated what it was not asked for")
    }
    pending.statements[sender.rank] = records
    self.pending = pending
    guard pending.awaited.isOpen else { return nil }
    self.pending = nil
    guard let merged = [StatementRecord].merged(pending.statements) else {
      throw .failure(.violation, "workers stated numbers of different lengths of one thing")
    }
    let found = readout.fit(to: merged)
    fit = found
    return (pending.phase, found)
  }
}

extension Fitting: Saved {
  /// At rest nothing is waited for.
  static let unsaved = ["readout", "workerCount", "pending"]

  func save(to archive: inout Archive) {
    archive.put("hasFit", fit != nil)
    archive.put("fit", fit ?? [])
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let hasFit = try reader.take("hasFit", as: Bool.self)
    let numbers = try reader.take("fit", as: [Float].self)
    fit = hasFit ? numbers : nil
  }
}

extension TrainingRun {
  /// A phase is trained: what its readout is fitted to, if it has one, and then its measurement.
  mutating func lookBack(at phase: Int) -> [Effect] {
    guard fitting.isNeeded else { return measureBoundary(of: phase) }
    let request = measurements.statementRequest(after: phase, versions, fit: fitting.fit)
    fitting.begin(request.id, after: phase)
    return tell(.measure(request), workers)
  }

  /// A worker has said what the readout is to know.
  mutating func state(
    _ id: Int, _ records: [StatementRecord], by sender: NodeID, _ record: inout RunRecord
  ) throws(Objection) -> [Effect] {
    guard let (phase, fit) = try fitting.enter(id, records, from: sender) else { return [] }
    record.fits.append(RunRecord.Fit(phase: phase, numbers: fit))
    return measureBoundary(of: phase)
  }
}
