import Consolidation
import Foundation
import Models
import Tensors

@testable import Roles

/// Well-formed messages of every kind with header fields at their ends: 0, 1, the bounds of a plan
/// of two workers and two stages and what is next to them, and the largest that fit.
struct Extremes {
  private typealias Change = @Sendable (inout Message) -> Void

  private static let largest = Int(UInt32.max)

  private static let requests: [WeightsRequest?] = [
    nil, .current, .atRest, .penalty, .kept(.boundary(worker: 0, position: 0)),
    .kept(.boundary(worker: 1, position: 2)), .kept(.boundary(worker: largest, position: largest)),
    .kept(.provisional(worker: 1, step: 0)), .kept(.provisional(worker: largest, step: largest)),
    .kept(.sample(phase: 0, step: 1)), .kept(.sample(phase: largest, step: largest)),
  ]

  /// One field of a header each.
  private static let changes: [[Change]] = [
    [0, 4, 6, UInt64.max].map { run in { $0.run = run } },
    [
      .coordinator, .server(0), .server(1), .server(largest), .worker(0), .worker(1), .worker(2),
      .worker(largest),
    ].map { (sender: NodeID) in { $0.sender = sender } },
    [1, UInt32.max].map { incarnation in { $0.incarnation = incarnation } },
    [1, 2, 3, largest].map { stage in { $0.stage = stage } },
    [0, 17, largest].map { count in { $0.exampleCount = count } },
    [0, 1, 2, 3, 7, UInt64(Int.max), 1 << 63, UInt64.max].map { clock in { $0.clock = clock } },
    requests.map { request in { $0.request = request } },
    [1, 2, Int(UInt16.max)].map { part in { $0.part = part } },
    [1, 2, UInt64.max].map { version in { $0.version = version } },
    [0, 2, 3, largest].map { steps in { $0.steps = steps } },
    [0..<0, 0..<1, 1..<5, 4..<8, 0..<1 << 40, 1 << 40..<1 << 41].map { (range: Range<Int>) in
      { $0.range = range }
    },
  ]

  private static func payloads(_ kind: Message.Kind) -> [Message.Payload] {
    switch kind {
    case .control: [.control(.heartbeat(phase: 0, step: 1, loss: 1, framedByteCount: 1))]
    case .pull, .anchor, .retire, .inspect: [.none]
    case .push, .weights, .importance, .inspected, .curvature, .centre, .frozen:
      [
        .tensor(Vector([1, 0, 2, 0]).view), .none, .tensor(Vector([.nan, 0, 2, 0]).view),
        .tensor(Vector([-1, 0, 2, 0]).view), .tensor(Vector([]).view), .encoded([]),
        .encoded([1, 4]), .encoded([UInt8](repeating: 255, count: 9)),
        .encoded([1, 4] + [UInt8](repeating: 0, count: 16)),
      ]
    }
  }

  /// For every moment of a run: every kind with one field changed, and every control value.
  let plain: [Message]
  /// For one moment each: two fields changed at once, other payloads, other headers.
  let mixed: [Message]

  init(from senders: NodeID...) {
    var (plain, mixed): ([Message], [Message]) = ([], [])
    for sender in senders {
      for kind in Message.Kind.allCases {
        for (place, payload) in Self.payloads(kind).enumerated() {
          let base = Message(
            kind, run: 5, sender: sender, incarnation: 0, exampleCount: 1,
            request: [.pull, .inspect, .anchor].contains(kind) ? .current : nil, range: 0..<4,
            payload: payload)
          let (one, two) = Self.changed(base)
          if place == 0 {
            plain += [base] + one
            mixed += two
          } else {
            mixed += [base] + one
          }
        }
      }
      for control in Self.allControls {
        let headers: [(UInt64, Int)] = [(0, 0), (0, 2), (1, 3), (7, 7), (.max, Self.largest)]
        let messages = headers.map { clock, steps in
          Message(
            .control, run: 5, sender: sender, incarnation: 0, clock: clock, steps: steps,
            payload: .control(control))
        }
        plain.append(messages[0])
        mixed += messages[1...]
      }
    }
    (self.plain, self.mixed) = (plain, mixed)
  }

  /// The messages for one of so many moments.
  func messages(at moment: Int, of count: Int) -> [Message] {
    plain + stride(from: moment, to: mixed.count, by: count).map { mixed[$0] }
  }

  private static func changed(_ message: Message) -> (one: [Message], two: [Message]) {
    var (ones, twos): ([Message], [Message]) = ([], [])
    for (field, first) in changes.enumerated() {
      for change in first {
        var one = message
        change(&one)
        ones.append(one)
        for other in changes[(field + 1)...].joined() {
          var two = one
          other(&two)
          twos.append(two)
        }
      }
    }
    return (ones, twos)
  }

  private static let numbers = [Int.min, -1, 0, 1, 2, 3, largest, Int.max]
  private static let versions = [[], [0], [UInt64.max], [0, UInt64.max]]

  static let allControls: [Control] =
    [
      .register(endpoint: nil), .register(endpoint: ""), .ready(fingerprint: ""),
      .ready(fingerprint: String(repeating: "f", count: 100_000)), .leave, .probe,
      .stop(kind: .violation, reason: ""), .released(another: false), .released(another: true),
      .refused(reason: ""), .failed(kind: .violation, reason: ""),
    ]
    + numbers.flatMap { number -> [Control] in
      let timeouts = Timeouts(
        heartbeatMilliseconds: number, silenceMilliseconds: number, startMilliseconds: number)
      return [
        .welcome(
          run: UInt64.max, experiment: "", workerCount: number, serverEndpoints: [],
          timeouts: timeouts, shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2)
        ), .open(phase: number),
        .sealed(phase: number, version: .max), .sealed(phase: 0, version: 2, maxima: [[1], []]),
        .scale(phase: number, maxima: [[1]]), .scale(phase: 0, maxima: []),
        .scalars(phase: number, number: 0, .sums([number])),
        .scalars(phase: 0, number: number, .magnitudes([Double(number), .nan])),
        .agreed(phase: number, number: 0, .sums([number, 1])),
        .agreed(phase: 0, number: number, .magnitudes([.infinity])),
        .stated(id: number, []), .stated(id: 1, [StatementRecord(key: .max, values: [.nan])]),
        .consolidated([], closes: number),
        .opened(phase: number, version: UInt64.max), .opened(phase: number, version: 0),
        .trained(phase: 0, losses: [LossPart(step: number, loss: .nan)]),
        .trained(phase: number, losses: []),
        .trained(
          phase: 0, losses: [LossPart(step: 2, loss: 1), LossPart(step: number, loss: 1)]),
        .heartbeat(phase: 0, step: 1, loss: nil, framedByteCount: number),
      ] + shapes(number) + consolidations(number) + summaries(number)
        + versions.flatMap {
          [
            .train(phase: number, versions: $0), .finished(position: number, versions: $0),
            .measure(
              MeasureRequest(
                id: number, weights: .atRest, versions: $0, columns: [number],
                importanceOfPosition: number)),
          ]
        }
        + numbers.flatMap { other -> [Control] in
          [
            .heartbeat(phase: number, step: other, loss: .infinity),
            .kept(snapshot: .sample(phase: number, step: other), version: .max),
            .kept(snapshot: .boundary(worker: number, position: other), version: 0),
            .release(snapshot: .sample(phase: number, step: other)),
            .measure(
              MeasureRequest(
                id: 9, weights: .kept(.boundary(worker: number, position: other)), versions: [0],
                columns: [number, other], importanceOfPosition: other)),
          ]
        }
    }

  /// Right answers and examples of other shapes and sizes than were asked for.
  private static func shapes(_ number: Int) -> [Control] {
    (0..<4).flatMap { id -> [Control] in
      [
        .measured(id: number, correct: [[1, 1], [1, 1]], totals: [[1, 1], [1, 1]]),
        .measured(id: id, correct: [], totals: []),
        .measured(id: id, correct: [[number]], totals: [[number]]),
        .measured(
          id: id, correct: [[0, number], [0, number]], totals: [[0, number], [0, number]]),
        .measured(id: id, correct: [[number, 0], [0, 0]], totals: [[1, 1], [1, 1]]),
        .measured(id: id, correct: [[0, 0], [0]], totals: [[1, 1], [number, 1, 0]]),
      ]
    }
  }

  private static func consolidations(_ number: Int) -> [Control] {
    func report(_ change: (inout PenaltyDiagnostics) -> Void) -> PenaltyDiagnostics {
      var diagnostics = PenaltyDiagnostics()
      change(&diagnostics)
      return diagnostics
    }
    func control(
      stage: Int = 0, worker: Int? = nil, occurrence: Int = 0,
      after: PenaltyDiagnostics = PenaltyDiagnostics(), sums: [Double] = [1], count: Int = 1,
      lines: Int = 1, copies: Int = 1
    ) -> Control {
      let line = LedgerLine(
        stage: stage, worker: worker, version: .max, exampleCount: count, importanceSum: .nan,
        byteCount: count)
      let report = BoundaryReport(
        stage: stage, worker: worker, occurrence: occurrence, before: PenaltyDiagnostics(),
        after: after, newestTermSquaredNorm: .nan, importanceSums: sums,
        ledger: Array(repeating: line, count: lines))
      return .consolidated(Array(repeating: report, count: copies), closes: nil)
    }
    return [
      control(stage: number), control(worker: number), control(occurrence: number),
      control(count: number), control(lines: 0), control(lines: 2), control(sums: []),
      control(copies: 2),
      control(sums: [Double](repeating: .infinity, count: 9)),
      control(after: report { $0.histogram = [] }),
      control(after: report { $0.histogram[3] = number }),
      control(after: report { $0.histogram.append(number) }),
      control(after: report { $0.divergingCount = number }),
    ]
  }

  private static func summaries(_ number: Int) -> [Control] {
    func summary(_ change: (inout NodeSummary) -> Void) -> Control {
      var summary = NodeSummary()
      change(&summary)
      return .goodbye(summary)
    }
    let line = TrafficLine(
      from: .worker(0), to: .server(0), kind: .push, stage: number, payloadByteCount: 1,
      framedByteCount: 2, boundBits: 1, messageCount: 1)
    let other = TrafficLine(
      from: .worker(number), to: .server(number), kind: .control, stage: nil,
      payloadByteCount: number, framedByteCount: number, boundBits: .nan, messageCount: number)
    let whole = TrafficLine(
      from: .server(0), to: .worker(1), kind: .pull, stage: 0, payloadByteCount: number,
      framedByteCount: number, boundBits: 0, messageCount: number)
    return [
      summary { $0.traffic.lines = [line] }, summary { $0.traffic.lines = [other] },
      summary { $0.traffic.lines = [whole, whole] }, summary { $0.stepCount = number },
      summary { $0.traffic.series = series(width: number, bins: [[1], [], [], [], []]) },
      summary { $0.traffic.series = series(width: 1, bins: [[number, number]]) },
      summary { $0.traffic.series = series(width: 2, bins: [[number, number], [], [], [], []]) },
      summary { $0.examples.trained = number }, summary { $0.examples.referred = number },
      summary { $0.examples.weighed = number }, summary { $0.duplicateCount = number },
      summary { $0.lateCount = number }, summary { $0.stalenessCounts = [number, number] },
      summary { $0.stalenessCounts = [Int](repeating: 0, count: 10_000) },
      summary { $0.refusals = [Refusal(reason: "", count: number)] },
      summary { $0.busySeconds = Double(number) * 1e300 },
      summary { $0.phases.wait = .nan },
    ]
  }

  /// As somebody else's program may write it.
  private static func series(width: Int, bins: [[Int]]) -> TrafficSeries {
    let json = Data("{\"width\": \(width), \"byKind\": \(bins)}".utf8)
    return (try? JSONDecoder().decode(TrafficSeries.self, from: json)) ?? TrafficSeries()
  }
}
