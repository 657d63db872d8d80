/// Leads the nodes to a cut, and knows which of its parts are written.
///
///     idle → pausing → advancing → settling → measuring → capturing → idle
///
/// Workers come to hold behind the same push: all say which weights they were sent last, and go on
/// until they are sent newer ones. Then servers are asked once, so that all that they had to tell
/// before has come; what is to be measured is measured; servers save; workers save and go on. At a
/// boundary all are at rest, so that servers save at once.
struct CutConductor: Sendable {
  enum State: Sendable {
    case idle
    /// Waits for the workers to say which weights they have; the newest of the first shard so far.
    case pausing(Barrier, newest: UInt64)
    /// Waits for the workers to come where they hold.
    case advancing(Barrier)
    /// Waits for what servers have told before.
    case settling(Barrier)
    /// Waits for measurements that were asked for before.
    case measuring
    /// Waits for the servers to have saved.
    case capturing(Barrier)
  }

  /// A cut whose parts are being written.
  private struct Writing: Sendable {
    let cut: Int
    var step: Int
    var missing: Barrier
    var entries: [CutEntry] = []
  }

  /// `nil`: the run is not cut.
  private let rule: CutRule?
  private let servers: [NodeID]
  private let workers: [NodeID]
  private(set) var state = State.idle
  /// Of the cut that is prepared, or was last.
  private(set) var number: Int
  /// Steps of the worker that had most of them, and the moment, when the last cut began.
  private var step = 0
  private var begunAt = Instant.zero
  /// Whether a cut was due in a phase that ended before.
  private var isOverdue = false
  private var writing: Writing?

  init(_ rule: CutRule?, servers: [NodeID], workers: [NodeID]) {
    self.rule = rule
    self.servers = servers
    self.workers = workers
    number = rule?.after ?? 0
  }

  /// Steps after which workers tell how far they are, besides what they tell by the clock.
  var everySteps: Int? { rule?.isWithinPhases == true ? rule?.everySteps : nil }

  /// The run goes on from a cut.
  mutating func goOn(after cut: Int) { number = max(number, cut) }

  var isIdle: Bool { if case .idle = state { true } else { false } }

  /// Time begins to count.
  mutating func start(at now: Instant, step: Int) {
    begunAt = now
    self.step = step
  }

  // MARK: When

  /// Whether it is time for a cut within a phase.
  ///
  /// - Parameter step: Of a worker, over the whole run.
  func isDue(atStep step: Int, _ now: Instant) -> Bool {
    guard let rule, rule.isWithinPhases, isIdle, writing == nil else { return false }
    if let every = rule.everySteps { return step / every > self.step / every }
    return now >= begunAt.advanced(byMilliseconds: rule.everyMilliseconds)
  }

  /// Whether to cut at a boundary: it costs little there, so that it may come early.
  func isDueAtBoundary(_ now: Instant) -> Bool {
    guard let rule, isIdle, writing == nil else { return false }
    return rule.everySteps != nil || isOverdue
      || now >= begunAt.advanced(byMilliseconds: rule.everyMilliseconds / 4)
  }

  // MARK: The way there

  /// - Returns: The order to all workers.
  mutating func pause(atStep step: Int, _ now: Instant) -> CutOrder {
    begin(atStep: step, now)
    state = .pausing(Barrier(workers), newest: 0)
    return .pause(cut: number)
  }

  /// All are at rest already.
  ///
  /// - Returns: The order to all servers.
  mutating func capture(atStep step: Int, _ now: Instant) -> CutOrder {
    begin(atStep: step, now)
    return capture()
  }

  /// Some parts are written before others are saved.
  private mutating func capture() -> CutOrder {
    state = .capturing(Barrier(servers))
    writing = Writing(
      cut: number, step: step, missing: Barrier([.coordinator] + servers + workers))
    return .save(cut: number)
  }

  private mutating func begin(atStep step: Int, _ now: Instant) {
    number += 1
    self.step = step
    begunAt = now
    isOverdue = false
  }

  /// Enters what a worker or server says on the way.
  ///
  /// - Returns: The order that follows, and to whom.
  mutating func hear(_ report: CutReport, from node: NodeID) -> (CutOrder, [NodeID])? {
    switch (state, report) {
    case (.pausing(var barrier, let newest), .holding(number, let version)):
      guard barrier.arrive(node) else { return nil }
      let newest = max(newest, version)
      state = .pausing(barrier, newest: newest)
      guard barrier.isOpen else { return nil }
      state = .advancing(Barrier(workers))
      return (.advance(cut: number, version: newest + 1), workers)
    case (.advancing(var barrier), .still(number)):
      guard barrier.arrive(node) else { return nil }
      state = .advancing(barrier)
      guard barrier.isOpen else { return nil }
      state = .settling(Barrier(servers))
      return (.pause(cut: number), servers)
    case (.settling(var barrier), .still(number)):
      guard barrier.arrive(node) else { return nil }
      state = barrier.isOpen ? .measuring : .settling(barrier)
      return nil
    case (.capturing(var barrier), .captured(number)):
      guard barrier.arrive(node) else { return nil }
      state = .capturing(barrier)
      return barrier.isOpen ? (.save(cut: number), workers) : nil
    default: return nil
    }
  }

  /// Everything is measured.
  ///
  /// - Returns: The order to all servers, if that was waited for.
  mutating func measured() -> CutOrder? {
    guard case .measuring = state else { return nil }
    return capture()
  }

  /// All servers have saved, and the coordinator has.
  ///
  /// - Parameter step: Steps of the worker that has most of them.
  mutating func finishCapturing(atStep step: Int) {
    state = .idle
    self.step = max(self.step, step)
    writing?.step = self.step
  }

  /// The phase has ended before.
  mutating func postpone() {
    state = .idle
    isOverdue = true
  }

  /// Nothing comes of a cut.
  ///
  /// - Returns: Whether it was prepared or written.
  mutating func abandon(_ cut: Int) -> Bool {
    let isWriting = writing?.cut == cut
    let isPreparing = !isIdle && cut == number
    if isWriting { writing = nil }
    if isPreparing { state = .idle }
    return isWriting || isPreparing
  }

  // MARK: Parts

  /// A part is written.
  ///
  /// - Returns: What follows once all are.
  mutating func enter(_ entry: CutEntry, of cut: Int) -> [Effect] {
    guard var writing, writing.cut == cut, writing.missing.arrive(entry.node) else { return [] }
    writing.entries.append(entry)
    self.writing = writing.missing.isOpen ? nil : writing
    guard writing.missing.isOpen else { return [] }
    let entries = writing.entries.sorted { $0.node < $1.node }
    return [
      .complete(cut: cut, entries),
      .record(.cut(number: cut, step: writing.step, entries: entries)),
    ]
  }
}
