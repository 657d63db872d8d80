import Models
import Tensors

@testable import Roles

/// The coordinator of two servers and two workers, all of them ready: what nodes say is given, what
/// it does is written down, one line for each word and those to whom it goes, and below the state
/// that it comes to.
struct CoordinatorStory {
  private var coordinator: CoordinatorRole

  /// The untrained network is being measured.
  init(
    stageCount: Int = 2, moment: BoundaryPolicy = .globalBoundary, sequences: [[Int]]? = nil,
    readout: (any Readout)? = nil
  ) {
    let schedule = TaskSchedule(
      sequences: sequences ?? [[Int]](repeating: Array(0..<stageCount), count: 2),
      startSteps: [0, 0], moment: moment)
    coordinator = CoordinatorRole(
      RunPlan(
        run: 5, experiment: "", workerCount: 2, serverCount: 2, parameterCount: 4,
        taskSchedule: schedule, stageNames: Array(repeating: "a", count: stageCount),
        stepCounts: Array(repeating: 2, count: stageCount), classCounts: [1],
        method: MethodPlan(importance: .servers, readout: readout), fingerprint: "f",
        timeouts: Timeouts()))
    _ = coordinator.handle(.start, at: .zero)
    let nodes = [NodeID.server(0), .server(1), .worker(0), .worker(1)]
    for node in nodes {
      let endpoint = node.kind == .server ? "ipc://\(node.rank)" : nil
      _ = says(node, .register(endpoint: endpoint))
    }
    for node in nodes { _ = says(node, .ready(fingerprint: "f")) }
  }

  /// A node says something.
  mutating func says(_ node: NodeID, _ control: Control, steps: Int = 1) -> String {
    let effects = coordinator.handle(said(control, by: node, steps: steps), at: .zero)
    return (lines(effects) + ["[\(coordinator.run?.description ?? "not running")]"])
      .joined(separator: "\n")
  }

  /// Both workers have measured, of which the second matters.
  mutating func measured(_ id: Int) -> String {
    _ = says(.worker(0), .measured(id: id, correct: [[1]], totals: [[1]]))
    return says(.worker(1), .measured(id: id, correct: [[1]], totals: [[1]]))
  }

  private func lines(_ effects: [Effect]) -> [String] {
    var lines: [(node: String?, words: String)] = []
    for effect in effects {
      switch effect {
      case .send(let message, let node):
        guard case .control(let control) = message.payload else { continue }
        let words = words(control)
        if let last = lines.last, last.words == words, let others = last.node {
          lines[lines.count - 1].node = others + " and \(node)"
        } else {
          lines.append(("\(node)", words))
        }
      case .record(.phaseTrained): lines.append((nil, "nobody trains"))
      case .record(.measured(let row)): lines.append((nil, "row at \(row.versions)"))
      case .record(.refused(let reason, _)): lines.append((nil, "refuses: \(reason)"))
      default: break
      }
    }
    return lines.map { $0.node.map { node in "\(node): " } ?? "" }.enumerated()
      .map { $0.element + lines[$0.offset].words }
  }

  private func words(_ control: Control) -> String {
    switch control {
    case .open(let phase): "open \(phase)"
    case .train(let phase, let versions, _): "train \(phase) from \(versions)"
    case .measure(let request):
      (request.statementOfPhase.map { "state after \($0)" } ?? "measure")
        + " \(request.id) at \(request.versions)" + (request.fit.map { " with \($0)" } ?? "")
    case .scale(let phase, let maxima): "scale \(phase) by \(maxima)"
    case .leave: "leave"
    default: "\(control)"
    }
  }
}
