import Tensors

@testable import Roles

/// A worker alone: what it hears is given, what it does is written down, one line an effect, and
/// below them the state that it comes to.
///
/// It has six weights at two servers, in blocks of two: 0..<2 and 2..<4 at the first, 4..<6 at the
/// second.
struct WorkerStory {
  static let map = BlockMap([0..<4, 4..<6], blockSize: 2)

  private(set) var worker = WorkerRole(rank: 0)
  private var now = Instant.zero

  /// A worker that has prepared.
  init(
    importance: ImportanceSource = .none, references: ReferencePlan = .none,
    taskSchedule: TaskSchedule? = nil,
    stepCounts: [Int] = [2],
    localSteps: Int = 1, communication: Communication = Communication(),
    broadcast: [PenaltyPart] = [], importanceExampleCount: Int = 1, importancePartCount: Int = 1,
    penaltyWaits: Bool = false
  ) {
    let plan = WorkerPlan(
      layout: ParameterLayout([(name: "w", shape: [6])]), map: Self.map,
      taskSchedule: taskSchedule ?? .shared(stageCount: stepCounts.count, workerCount: 1),
      stepCounts: stepCounts, localSteps: localSteps, communication: communication,
      broadcast: broadcast, method: MethodPlan(importance: importance, references: references),
      importanceExampleCounts: stepCounts.map { _ in importanceExampleCount },
      testExamples: [0..<3], classCounts: [2], importancePartCount: importancePartCount,
      penaltyWaits: penaltyWaits, fingerprint: "f")
    _ = told(
      .welcome(
        run: 5, experiment: "", workerCount: 1, serverEndpoints: ["tcp://a:1", "tcp://b:2"],
        timeouts: Timeouts(), shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2)
      ))
    _ = done(.worker(plan))
  }

  // MARK: What it hears

  /// The coordinator says something.
  mutating func told(_ control: Control) -> String {
    take(
      Message(.control, run: 5, sender: .coordinator, incarnation: 0, payload: .control(control)))
  }

  /// What it has ordered is done.
  mutating func done(_ result: OrderResult) -> String {
    let effects = worker.handle(.performed(result), at: now)
    return write(effects)
  }

  /// A gradient of ones times a number.
  mutating func doneGradient(_ value: Float) -> String {
    done(.gradient(.here(Vector(repeating: value, count: 6).view), exampleCount: 4, loss: 0.5))
  }

  /// Time passes, in which the coordinator is heard.
  mutating func wait(seconds: Int) -> String {
    now = now.advanced(byMilliseconds: seconds * 1_000)
    _ = told(.heartbeat(phase: -1, step: 0, loss: nil))
    let effects = worker.handle(.deadline, at: now)
    return write(effects)
  }

  /// A server's answer: the block that begins at an element, filled with a number.
  mutating func answered(
    _ start: Int, _ value: Float, version: UInt64, clock: UInt64 = 0,
    to request: WeightsRequest? = nil, _ kind: Message.Kind = .weights
  ) -> String {
    let server = start < 4 ? 0 : 1
    return take(
      Message(
        kind, run: 5, sender: .server(server), incarnation: 0, request: request, clock: clock,
        version: version, range: start..<start + 2,
        payload: .tensor(Vector(repeating: value, count: 2).view)))
  }

  /// All blocks of an answer, of which the last one matters.
  mutating func answered(
    all value: Float, version: UInt64, clock: UInt64 = 0, to request: WeightsRequest? = nil,
    _ kind: Message.Kind = .weights
  ) -> String {
    var last = ""
    for start in [0, 2, 4] {
      last = answered(start, value, version: version, clock: clock, to: request, kind)
    }
    return last
  }

  /// Servers are there, whatever they wait for.
  mutating func probed(_ servers: Int...) {
    for rank in servers {
      _ = take(
        Message(
          .control, run: 5, sender: .server(rank), incarnation: 0, payload: .control(.probe)))
    }
  }

  private mutating func take(_ message: Message) -> String {
    let effects = worker.handle(.message(message, from: Peer(link: message.sender)), at: now)
    return write(effects)
  }

  // MARK: What it does

  private func write(_ effects: [Effect]) -> String {
    (effects.compactMap(line) + ["[\(worker.description)]"]).joined(separator: "\n")
  }

  private func line(_ effect: Effect) -> String? {
    switch effect {
    case .send(let message, let node): says(message).map { "\(node): \($0)" }
    case .perform(let order): "orders \(words(order))"
    case .record(.waiting(let sentence, _)): sentence
    case .record, .connect, .admit: nil
    case .refuse: "refuses"
    case .resume, .countTraffic, .countBytes: "\(effect)"
    case .save(_, let cut): "saves \(cut)"
    case .load(let cut): "loads \(cut)"
    case .complete(let cut, _): "completes \(cut)"
    case .finish(let ending): "ends: \(ending)"
    }
  }

  private func says(_ message: Message) -> String? {
    switch message.payload {
    case .none where message.part > 0:
      return "\(message.kind) part \(message.part) \(message.range) of nothing"
    case .none: return "\(message.kind)" + (message.request.map { " \(words($0))" } ?? "")
    case .control(.heartbeat): return nil
    case .control(let control): return words(control)
    case .tensor(let view):
      let part = message.part > 0 ? " part \(message.part)" : ""
      return "\(message.kind)\(part) \(message.range) \(view.array) of version \(message.version), "
        + "round trip \(message.clock)"
    case .encoded(let bytes): return "\(message.kind) \(message.range) in \(bytes.count) bytes"
    case .deferred(let deferred): return "\(message.kind) \(message.range) later \(deferred.serial)"
    }
  }

  private func words(_ request: WeightsRequest) -> String {
    switch request {
    case .current: "current"
    case .atRest: "at rest"
    case .held: "held at the cut"
    case .penalty: "the penalty"
    case .kept(.boundary(_, let position)): "kept at the end of \(position)"
    case .kept(.provisional(_, let step)): "kept after step \(step)"
    case .kept(.sample(let phase, let step)): "sampled in \(phase) after \(step)"
    }
  }

  private func words(_ control: Control) -> String {
    switch control {
    case .ready: "ready"
    case .finished(let position, let versions): "finished \(position) at \(versions)"
    case .trained(let phase, let losses): "trained \(phase), losses \(losses.map(\.loss))"
    case .measured(let id, let correct, let totals): "measured \(id): \(correct) of \(totals)"
    case .goodbye(let summary): "goodbye after \(summary.stepCount) steps"
    case .probe: "probe"
    case .failed(let kind, let reason): "failed, \(kind): \(reason)"
    default: "\(control)"
    }
  }

  private func words(_ order: Order) -> String {
    switch order {
    case .gradient(_, let step, let weights, let penalty):
      "gradient \(step) at \(values(weights))" + (penalty == nil ? "" : " with the penalty")
    case .reference(let memories, _, let step, let weights):
      "reference to \(memories) in step \(step) at \(values(weights))"
    case .localSteps(_, let steps, let weights, _): "steps \(steps) at \(values(weights))"
    case .evaluate(_, let examples, let weights): "evaluation \(examples) at \(values(weights))"
    case .importance(_, let examples, let count, let weights):
      "importance \(examples) of \(count) at \(values(weights))"
    default: "\(order)"
    }
  }

  /// The first of each block.
  private func values(_ weights: HeldWeights) -> [Float] { weights.blocks.map { $0[0] } }
}
