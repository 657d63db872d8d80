import Consolidation
import Foundation
import Synchronization
import Tensors
import Testing
import Updates

@testable import Roles
@testable import ZeroMQTransport

extension Processes {
  /// Nodes that close their sockets at the end of a run while others still write to them.
  @Suite(.serialized) struct `The last words of nodes` {
    /// Two servers and a worker that train nothing; their heartbeats follow each other as fast as
    /// the clock allows, so that there is nearly always one under way.
    private static let timeouts = Timeouts(
      heartbeatMilliseconds: 1, silenceMilliseconds: 1_000, startMilliseconds: 10_000)
    private static let shards = [0..<44_500, 44_500..<89_000]
    private static let repeats = 200

    @Test(arguments: [false, true])
    func `are never lost, however often a run ends`(isEncrypted: Bool) throws {
      for run in 1...(isEncrypted ? Self.repeats / 4 : Self.repeats) {
        let keys = isEncrypted ? try ClusterKeys(serverCount: 2, workerCount: 1) : nil
        let (ending, record) = try Self.conduct(run: UInt64(run), keys)
        #expect(ending == .completed)
        #expect(record.weights?.array.allSatisfy { $0 == 7 } == true)
        #expect(!(record.serverSummaries + record.workerSummaries).contains { $0 == nil })
      }
    }

    /// One whole run over tcp, with a thread and sockets of its own for each node.
    private static func conduct(
      run: UInt64, _ keys: ClusterKeys?
    ) throws -> (Ending, RunRecord) {
      func security(_ node: NodeID) throws -> TransportSecurity {
        try keys?.security(of: node) ?? .thisMachine
      }
      let context = Context(try security(.coordinator))
      let listener = Socket(.router, in: context)
      let coordinator = try listener.bind(.anyLocalPort)
      let ends = DispatchSemaphore(value: 0)
      let wellEnded = Mutex(0)
      for rank in shards.indices {
        let own = try security(.server(rank))
        Thread.detachNewThread {
          let context = Context(own)
          let listener = Socket(.router, in: context)
          if let endpoint = try? listener.bind(.anyLocalPort) {
            let role = ServerRole(rank: rank, endpoint: endpoint, timeouts: timeouts)
            let ending = try? live(role, context, coordinator, listener)
            if ending == .completed { wellEnded.withLock { $0 += 1 } }
          }
          ends.signal()
        }
      }
      let own = try security(.worker(0))
      Thread.detachNewThread {
        let ending = try? live(WorkerRole(rank: 0, timeouts: timeouts), Context(own), coordinator)
        if ending == .completed { wellEnded.withLock { $0 += 1 } }
        ends.signal()
      }
      let plan = RunPlan(
        run: run, experiment: "", workerCount: 1, serverCount: shards.count, parameterCount: 89_000,
        taskSchedule: .shared(stageCount: 0, workerCount: 1), stageNames: [], stepCounts: [],
        classCounts: [1], method: MethodPlan(), fingerprint: "f", timeouts: timeouts)
      var loop = try RoleLoop(
        CoordinatorRole(plan), performer: Idler(), context: context, listener: listener,
        identity: [1]
      ) { _, _ in }
      let ending = loop.run()
      for _ in 0..<shards.count + 1 { ends.wait() }
      #expect(wellEnded.withLock { $0 } == shards.count + 1)
      return (ending, loop.role.record)
    }

    private static func live<Participant: Role>(
      _ role: Participant, _ context: Context, _ coordinator: Endpoint, _ listener: Socket? = nil
    ) throws -> Ending {
      let identity = [1] + withUnsafeBytes(of: UUID().uuid) { [UInt8]($0) }
      var loop = try RoleLoop(
        role, performer: Idler(), context: context, listener: listener, coordinator: coordinator,
        identity: identity
      ) { _, _ in }
      return loop.run()
    }

    private struct Idler: Performer {
      mutating func perform(_ order: Order) -> OrderResult {
        switch order {
        case .prepareWorker:
          return .worker(
            WorkerPlan(
              layout: ParameterLayout([(name: "w", shape: [89_000])]), map: BlockMap(shards),
              taskSchedule: .shared(stageCount: 0, workerCount: 1), stepCounts: [], localSteps: 1,
              method: MethodPlan(), importanceExampleCounts: [], testExamples: [0..<1],
              classCounts: [1], fingerprint: "f"))
        case .prepareServer(_, let rank, _):
          let count = shards[rank].count
          return .server(
            ServerPlan(
              layout: ParameterLayout([(name: "w", shape: [89_000])]),
              shard: BlockMap(shards).shards[rank],
              weights: Vector(repeating: 7, count: count),
              update: ConsolidatedUpdate(
                optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 0,
                form: .gradient, count: count),
              method: MethodPlan(), foldRule: FoldRule(), resetsOptimizer: false,
              taskSchedule: .shared(stageCount: 0, workerCount: 1),
              consistency: Consistency(), batchShares: [1], sampleEverySteps: nil,
              fingerprint: "f"))
        case .evaluate: return .evaluated(correct: [1], totals: [1])
        default: return .failed(reason: "nothing else is ordered")
        }
      }
    }
  }
}
