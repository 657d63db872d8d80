import Consolidation
import Tensors
import Updates

@testable import Roles

/// What a role said, without how often it refused somebody.
struct Said: Equatable {
  let to: NodeID
  let kind: Message.Kind
  let numbers: [UInt64]
  let request: WeightsRequest?
  let values: [UInt32]
  let control: Control?

  init?(_ effect: Effect) {
    guard case .send(let message, let node) = effect else { return nil }
    to = node
    kind = message.kind
    request = message.request
    numbers = [
      message.run, UInt64(message.stage), message.clock, message.version, UInt64(message.steps),
      UInt64(message.range.lowerBound), UInt64(message.range.upperBound),
    ]
    if case .tensor(let view) = message.payload {
      values = view.array.map(\.bitPattern)
    } else {
      values = []
    }
    switch message.payload {
    case .control(.goodbye(var summary)):
      summary.refusals = []
      control = .goodbye(summary)
    case .control(let other): control = other
    default: control = nil
    }
  }
}

/// A role's whole run as the inputs that it gets, at any of which somebody may cut in.
struct Rehearsal<Machine: Role> {
  let machine: Machine
  let inputs: [Input]

  init(_ machine: Machine, _ inputs: [Input]) {
    self.machine = machine
    self.inputs = inputs
  }

  private func play(_ range: Range<Int>, _ machine: inout Machine) -> [Said] {
    inputs[range].flatMap { machine.handle($0, at: .zero).compactMap(Said.init) }
  }

  /// What it says when nobody cuts in, and the machine at the end.
  var calm: (said: [Said], machine: Machine) {
    var machine = machine
    return (play(inputs.indices, &machine), machine)
  }

  /// What comes of messages that cut in before an input.
  struct Outcome {
    var refused: [Message] = []
    var accepted: [Message] = []
    /// Over all inputs, when only what was refused cut in.
    var said: [Said] = []
    var machine: Machine
    /// Of runs that an accepted message ended.
    var endings: [Ending] = []
  }

  /// Lets messages cut in before an input. What is refused cuts in one after another; what is
  /// accepted goes its own way to the end.
  func disturbed(by messages: [Message], from peer: Peer, at place: Int) -> Outcome {
    var outcome = Outcome(machine: machine)
    outcome.said = play(0..<place, &outcome.machine)
    for message in messages {
      var other = outcome.machine
      let effects = other.handle(.message(message, from: peer), at: .zero)
      if effects.areRefusal {
        outcome.refused.append(message)
        outcome.machine = other
        continue
      }
      outcome.accepted.append(message)
      for case .finish(let ending) in effects { outcome.endings.append(ending) }
      _ = play(place..<inputs.count, &other)
    }
    outcome.said += play(place..<inputs.count, &outcome.machine)
    return outcome
  }
}

/// Routes of the nodes as a router names them.
func route(_ node: NodeID) -> Peer { Peer(route: [node.kind.rawValue + 1, UInt8(node.rank)]) }

/// Somebody who is no node.
let somebody = Peer(route: [99])

/// A message of run 5 as the node itself sends it.
func message(
  _ kind: Message.Kind, _ sender: NodeID, stage: Int = 0, examples: Int = 0,
  request: WeightsRequest? = nil, clock: UInt64 = 0, version: UInt64 = 0, steps: Int = 1,
  _ values: [Float]? = nil, peer: Peer? = nil
) -> Input {
  let vector = values.map { Message.Payload.tensor(Vector($0).view) }
  return .message(
    Message(
      kind, run: 5, sender: sender, incarnation: 0, stage: stage, exampleCount: examples,
      request: request, clock: clock, version: version, steps: steps,
      range: 0..<(values?.count ?? 0),
      payload: vector ?? .none), from: peer ?? route(sender))
}

/// A control message likewise.
func said(
  _ control: Control, by sender: NodeID, clock: UInt64 = 0, steps: Int = 1, peer: Peer? = nil
) -> Input {
  .message(
    Message(
      .control, run: 5, sender: sender, incarnation: 0, clock: clock, steps: steps,
      payload: .control(control)), from: peer ?? route(sender))
}

func ordered(_ control: Control) -> Input {
  said(control, by: .coordinator, peer: Peer(link: .coordinator))
}

func report(stage: Int) -> BoundaryReport {
  BoundaryReport(
    stage: stage, worker: nil, occurrence: 0, before: PenaltyDiagnostics(),
    after: PenaltyDiagnostics(), newestTermSquaredNorm: 0, importanceSums: [1],
    ledger: [
      LedgerLine(
        stage: stage, worker: nil, version: 2, exampleCount: 2, importanceSum: 1, byteCount: 16)
    ])
}

// MARK: Whole runs

extension Rehearsal where Machine == ServerRole {
  private static func server(
    _ importance: ImportanceSource, _ consistency: Consistency, _ taskSchedule: TaskSchedule,
    _ inputs: [Input]
  ) -> Rehearsal {
    let plan = ServerPlan(
      layout: ParameterLayout([(name: "w", shape: [4])]), shard: Shard(0..<4),
      weights: Vector(count: 4),
      update: ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 1, form: .gradient,
        count: 4), method: MethodPlan(importance: importance), foldRule: FoldRule(),
      resetsOptimizer: false, taskSchedule: taskSchedule, consistency: consistency,
      batchShares: [8, 8], sampleEverySteps: 1, fingerprint: "f")
    let welcome = Control.welcome(
      run: 5, experiment: "", workerCount: 2, serverEndpoints: ["ipc://here"], timeouts: Timeouts(),
      shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2))
    return Rehearsal(
      ServerRole(rank: 0, endpoint: .ipc(path: "here")),
      [.start, ordered(welcome), .performed(.server(plan))] + inputs
        + [ordered(.leave), .traffic(TrafficReport())])
  }

  private static let workers = [NodeID.worker(0), .worker(1)]
  private static var pulls: [Input] { workers.map { message(.pull, $0, request: .current) } }

  private static func pushes(stage: Int = 0, clock: UInt64, version: UInt64) -> [Input] {
    workers.map {
      message(
        .push, $0, stage: stage, examples: 4, clock: clock, version: version, [1, 2, 3, 4])
    }
  }

  /// All wait for each other; the workers push importances when a stage is over.
  static var barrier: Rehearsal {
    func end(_ phase: Int, clock: UInt64, version: UInt64) -> [Input] {
      workers.map { message(.retire, $0, stage: phase) }
        + workers.map {
          message(
            .importance, $0, stage: phase, examples: 3, clock: clock, version: version,
            [1, 0, 2, 0])
        }
    }
    return server(
      .workers, Consistency(), .shared(stageCount: 2, workerCount: 2),
      pulls + [ordered(.open(phase: 0))] + pushes(clock: 1, version: 0)
        + pushes(clock: 2, version: 1) + end(0, clock: 2, version: 2)
        + [ordered(.open(phase: 1))] + pushes(stage: 1, clock: 3, version: 2)
        + end(1, clock: 3, version: 3))
  }

  /// Nobody waits; each worker consolidates at the ends of its own stages.
  static var free: Rehearsal {
    let taskSchedule = TaskSchedule(
      sequences: [[0, 1], [1, 0]], startSteps: [0, 0], moment: .workerBoundary)
    var version: UInt64 = 0
    var inputs = pulls + [ordered(.open(phase: 0))]
    for position in 0..<2 {
      for worker in workers {
        let (stage, clock) = (taskSchedule.sequences[worker.rank][position], UInt64(position + 1))
        inputs.append(
          message(
            .push, worker, stage: stage, examples: 4, clock: clock, version: version, [1, 2, 3, 4])
        )
        version += 1
        let anchor = Snapshot.boundary(worker: worker.rank, position: position)
        inputs.append(message(.anchor, worker, stage: stage, request: .kept(anchor)))
        inputs.append(
          message(
            .importance, worker, stage: stage, examples: 2, clock: clock, version: version,
            [1, 1, 0, 0]))
        if position == 1 { inputs.append(message(.retire, worker, stage: stage)) }
      }
    }
    return server(
      .workers, Consistency(bound: nil), taskSchedule, inputs)
  }

  /// Local steps, with importance and centre beside each push.
  static var exchange: Rehearsal {
    func round(_ clock: UInt64, version: UInt64) -> [Input] {
      workers.flatMap { worker -> [Input] in
        [
          message(
            .importance, worker, examples: 2, clock: clock - 1, version: version, [1, 1, 0, 0]),
          message(.centre, worker, examples: 2, clock: clock - 1, version: version, [0, 1, 0, 0]),
          message(
            .push, worker, examples: 8, clock: clock, version: version, steps: 2, [1, 2, 3, 4]),
        ]
      }
    }
    return server(
      .exchange, Consistency(localSteps: 2), .shared(stageCount: 1, workerCount: 2),
      pulls + [ordered(.open(phase: 0))] + round(1, version: 0) + round(2, version: 1)
        + workers.map { message(.retire, $0) })
  }
}

extension Rehearsal where Machine == CoordinatorRole {
  /// Two workers, a server, two stages.
  static var run: Rehearsal {
    let plan = RunPlan(
      run: 5, experiment: "", workerCount: 2, serverCount: 1, parameterCount: 4,
      taskSchedule: .shared(stageCount: 2, workerCount: 2), stageNames: ["a", "b"],
      stepCounts: [2, 1], classCounts: [2, 2], testExampleCounts: [4, 4],
      method: MethodPlan(importance: .workers), fingerprint: "f", timeouts: Timeouts())
    let nodes = [NodeID.server(0), .worker(0), .worker(1)]
    let workers = Array(nodes[1...])
    func measured(_ id: Int) -> [Input] {
      workers.map {
        said(
          .measured(id: id, correct: [[1, 0], [0, id % 2]], totals: [[1, 1], [1, 1]]), by: $0)
      }
    }
    func phase(_ phase: Int, steps: Int, version: UInt64) -> [Input] {
      [said(.opened(phase: phase, version: version - UInt64(steps) + 1), by: .server(0))]
        + workers.flatMap { worker -> [Input] in
          let loss = LossPart(step: steps, loss: 0.5)
          return [
            said(
              .heartbeat(phase: phase, step: 1, loss: 1), by: worker, clock: UInt64(steps),
              steps: steps),
            said(
              .trained(phase: phase, losses: [loss]), by: worker, clock: UInt64(steps),
              steps: steps),
          ]
        } + [said(.sealed(phase: phase, version: version), by: .server(0))]
        + measured(phase + 1)
        + [said(.consolidated([report(stage: phase)], closes: phase), by: .server(0))]
    }
    return Rehearsal(
      CoordinatorRole(plan),
      [.start]
        + nodes.map { said(.register(endpoint: $0.kind == .server ? "ipc://here" : nil), by: $0) }
        + nodes.map { said(.ready(fingerprint: "f"), by: $0) } + measured(0)
        + phase(0, steps: 2, version: 2) + phase(1, steps: 3, version: 3)
        + [message(.weights, .server(0), version: 3, [1, 2, 3, 4])]
        + nodes.map { said(.goodbye(NodeSummary()), by: $0, clock: 0) }
        + [.traffic(TrafficReport())])
  }

  /// How many inputs pass until all have registered.
  static let registrationCount = 4
}

extension Rehearsal where Machine == WorkerRole {
  /// One of two workers, a server, two stages.
  static var run: Rehearsal {
    let plan = WorkerPlan(
      layout: ParameterLayout([(name: "w", shape: [4])]), map: BlockMap([0..<4]),
      taskSchedule: .shared(stageCount: 2, workerCount: 2), stepCounts: [2, 1], localSteps: 1,
      method: MethodPlan(importance: .workers), importanceExampleCounts: [1, 1],
      testExamples: [0..<2, 0..<2],
      classCounts: [2, 2], fingerprint: "f")
    let tested = Input.performed(.evaluated(correct: [1, 0], totals: [1, 1]))
    func learned(_ step: Int) -> Input {
      .performed(.gradient(.here(Vector([1, 2, 3, Float(step)]).view), exampleCount: 4, loss: 0.5))
    }
    func measure(_ id: Int, version: UInt64, position: Int? = nil) -> Input {
      ordered(
        .measure(
          MeasureRequest(
            id: id, weights: .atRest, versions: [version], columns: [0, 1],
            importanceOfPosition: position)))
    }
    func sent(
      _ kind: Message.Kind, request: WeightsRequest? = nil, clock: UInt64 = 0, version: UInt64
    ) -> Input {
      message(
        kind, .server(0), request: request, clock: clock, version: version,
        [1, 2, 3, Float(version)],
        peer: Peer(link: .server(0)))
    }
    return Rehearsal(
      WorkerRole(rank: 0),
      [
        .start,
        ordered(
          .welcome(
            run: 5, experiment: "", workerCount: 2, serverEndpoints: ["ipc://here"],
            timeouts: Timeouts(),
            shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2))),
        .performed(.worker(plan)), measure(0, version: 0),
        sent(.inspected, request: .atRest, version: 0), tested, tested,
        ordered(.train(phase: 0, versions: [0])), learned(1),
        sent(.weights, clock: 1, version: 1), learned(2), sent(.weights, clock: 2, version: 2),
        measure(1, version: 2, position: 0), tested, tested,
        .performed(.importance([.here(Vector([1, 0, 2, 0]).view)])),
        ordered(.train(phase: 1, versions: [2])), learned(3),
        sent(.weights, clock: 3, version: 3), ordered(.leave),
      ])
  }
}
