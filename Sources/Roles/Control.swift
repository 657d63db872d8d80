public import Models

/// What nodes say to each other besides tensors; JSON on the wire.
public enum Control: Sendable, Codable, Hashable {
  /// Node → coordinator: I am here. A server names the endpoint where workers reach it.
  case register(endpoint: String?)
  /// Coordinator → node: all are here; prepare for this experiment, and go on from your part of a
  /// cut, if one is named.
  case welcome(
    run: UInt64, experiment: String, workerCount: Int, serverEndpoints: [String],
    timeouts: Timeouts, shape: DataShape, cut: Int? = nil)
  /// Node → coordinator: prepared. Workers whose data or model differ have different fingerprints,
  /// and servers whose model differs; a
  /// worker of a process of its own names its kernel of the matrix library.
  case ready(fingerprint: String, kernel: String? = nil)
  /// Coordinator → server: a phase begins. Answered by `opened`.
  case open(phase: Int)
  /// Server → coordinator: ready for pushes of the phase, at this version.
  case opened(phase: Int, version: UInt64)
  /// Coordinator → worker: train your stages of this phase from these versions on, one a server.
  /// Tell how far you are every so many steps, if some are named.
  case train(phase: Int, versions: [UInt64], tellingEvery: Int? = nil)
  /// Worker → coordinator, without a global boundary: finished a position of its sequence at these
  /// versions.
  case finished(position: Int, versions: [UInt64])
  /// Worker → coordinator: has no more to train in the phase; mean losses of parts of it.
  case trained(phase: Int, losses: [LossPart])
  /// Server → coordinator: keeps a snapshot to be looked at.
  case kept(snapshot: Snapshot, version: UInt64)
  /// Coordinator → worker: evaluate, and perhaps estimate and push an importance.
  case measure(MeasureRequest)
  /// Worker → coordinator: its part of a measurement; by column, by class.
  case measured(id: Int, correct: [[Int]], totals: [[Int]])
  /// Worker → coordinator, where it was asked to `measure` for that: its part of what the method's
  /// readout is fitted to.
  case stated(id: Int, [StatementRecord])
  /// Coordinator → server: nobody will look at the snapshot any more.
  case release(snapshot: Snapshot)
  /// Server → coordinator: every worker has retired, so that no push is applied before the next
  /// phase. A worker's `trained` may come later. By stage of the phase, ascending: the shard's
  /// maxima of what its importance is measured by, if it is measured by the largest of all shards.
  case sealed(phase: Int, version: UInt64, maxima: [[Double]]? = nil)
  /// Coordinator → server that told maxima: the maxima over all shards.
  case scale(phase: Int, maxima: [[Double]])
  /// Server → coordinator, while it trains: its shard's part of what is to be known over all
  /// shards before a step is applied; `number` counts these in the phase, from 0.
  case scalars(phase: Int, number: Int, ShardScalars)
  /// Coordinator → server: the same over all shards.
  case agreed(phase: Int, number: Int, ShardScalars)
  /// Server → coordinator: what it has consolidated, perhaps nothing. With the last of a phase the
  /// server is ready for the next one; `closes` is `nil` before.
  case consolidated([BoundaryReport], closes: Int?)
  /// Coordinator → node: the run is over. Servers answer with their weights, all with `farewell`.
  case leave
  /// Node → coordinator: its last word, after which it waits for `released`. A node that was told
  /// to stop answers with it, too.
  case goodbye(NodeSummary)
  /// Coordinator → node: the last word is here, so the node may close; whether another run follows,
  /// for which it registers anew.
  case released(another: Bool)
  /// Both ways between the coordinator and each node, so that silence means something.
  /// Servers say how many bytes they have carried.
  case heartbeat(phase: Int, step: Int, loss: Float?, framedByteCount: Int = 0)
  /// Worker → server and back: are you there? Asked only when an answer is overdue.
  case probe
  /// Node → coordinator: cannot go on, and why. Its last word, as `farewell` is.
  case failed(kind: FailureKind, reason: String)
  /// Coordinator → node: stop at once, and why. Answered by `farewell`.
  case stop(kind: FailureKind, reason: String)
  /// Coordinator → node: see ``CutOrder``.
  case cut(CutOrder)
  /// Node → coordinator: see ``CutReport``.
  case cutting(CutReport)
  /// Coordinator → node: a node was lost. Forget this run and register anew: it goes on from its
  /// last cut.
  case again
  /// To a peer whose message was not accepted, and why.
  case refused(reason: String)
}

/// Why a run or a role ended early. Drivers turn it into an exit code.
public enum FailureKind: String, Sendable, Codable, CaseIterable {
  /// A node vanished, fell silent or did not come.
  case lostNode
  /// A gradient or a loss was not a finite number.
  case notFinite
  /// Nodes do not hold the same data or model, or one could not prepare its own.
  case preparation
  /// A prepared node could not do its work: a gradient, an evaluation, an importance, a sum.
  case computation
  /// A node was told an endpoint at which it cannot reach another one.
  case endpoint
  /// A node broke the protocol.
  case violation
  /// The user or the system asked to stop.
  case interrupted
}

/// Numbers of one step that every server needs of all shards before it applies the step.
public enum ShardScalars: Sendable, Codable, Hashable {
  /// By vector of the step: its largest magnitude. Over all shards: the largest.
  case magnitudes([Double])
  /// By pair of vectors: whole numbers. Over all shards: their sum.
  case sums([Int])

  /// Takes another shard's part in.
  ///
  /// - Returns: `nil` if the other one is of another kind or length.
  func joined(by other: ShardScalars) -> ShardScalars? {
    switch (self, other) {
    case (.magnitudes(let mine), .magnitudes(let others)) where mine.count == others.count:
      .magnitudes(zip(mine, others).map { max($0, $1) })
    case (.sums(let mine), .sums(let others)) where mine.count == others.count:
      .sums(zip(mine, others).map { $0 + $1 })
    default: nil
    }
  }
}

/// What a node tells when it leaves. All times are seconds of the node's own clock.
public struct NodeSummary: Sendable, Codable, Hashable {
  /// What passed over the node's listening socket, both directions.
  public var traffic = TrafficReport()
  /// Where a worker's time went.
  public var phases = TimeSpent()
  /// How long a server was busy since it prepared, and how long it was not.
  public var busySeconds = 0.0
  public var idleSeconds = 0.0
  /// Steps a worker took, pushes a server applied.
  public var stepCount = 0
  /// Examples of which a worker computed gradients.
  public var examples = ExampleCounts()
  /// What came of the references that were pushed to a server.
  public var projection = ProjectionActivity()
  /// By stage: what a worker's steps did beside learning labels, as far as they did.
  public var activity: [StageActivity] = []
  /// Bytes of vectors that a node's role holds. A server: weights, its optimiser's moments, and
  /// what its method has of finished tasks or gathers of the one under way. A worker: what it was
  /// told of the penalty, and its own part of that.
  public var keptByteCount = 0
  /// Messages that were refused, by reason.
  public var refusals: [Refusal] = []
  /// Repeated pushes that changed nothing.
  public var duplicateCount = 0
  /// Pushes of backup workers that came too late and were dropped.
  public var lateCount = 0
  /// Applied pushes by (version at application − base version); the last entry holds all above.
  public var stalenessCounts: [Int] = []

  /// An empty farewell to fill in.
  public init() {}

  /// Staleness from this on is counted together.
  static let stalenessMaximum = 4_096

  /// Enters an applied push.
  ///
  /// - Parameter staleness: Versions between its weights and those it is applied to.
  mutating func countPush(staleness: Int) {
    stepCount += 1
    let index = min(staleness, Self.stalenessMaximum)
    while stalenessCounts.count <= index { stalenessCounts.append(0) }
    stalenessCounts[index] += 1
  }
}

/// What came of references that workers have pushed: how often they turned the gradient, and how
/// far.
public struct ProjectionActivity: Sendable, Codable, Hashable {
  /// Steps that had references.
  public var stepCount = 0
  /// Those in which the direction was another than the gradient.
  public var projectedCount = 0
  /// Degrees between gradient and direction, added up over these.
  public var angleSum = 0.0

  /// Nothing was pushed.
  public init() {}

  /// Enters a step.
  ///
  /// - Parameter angle: Degrees by which the gradient was turned; `nil` if it stayed as it was.
  mutating func enter(angle: Double?) {
    stepCount += 1
    guard let angle else { return }
    projectedCount += 1
    angleSum += angle
  }
}

/// The mean training loss of a part of a worker's sequence.
public struct LossPart: Sendable, Codable, Hashable {
  /// The worker's steps over the whole run at the end of the part.
  public let step: Int
  public let loss: Float
}

/// Where a worker's time went, in seconds.
public struct TimeSpent: Sendable, Codable, Hashable {
  public var train = 0.0
  public var importance = 0.0
  public var evaluate = 0.0
  public var wait = 0.0

  /// No time at all.
  public init() {}
}

/// What passed between two nodes in one direction, of one kind.
public struct TrafficLine: Sendable, Codable, Hashable {
  /// The ledger's kinds. What is sent only so that somebody can measure is kept apart: it is the
  /// instrument's, not the method's.
  public enum Kind: String, Sendable, Codable, CaseIterable, Comparable {
    case push, pull, importance, control, evaluation

    public static func < (left: Kind, right: Kind) -> Bool {
      left.place < right.place
    }

    /// Whether its messages are about one stage.
    var belongsToStage: Bool { self != .control && self != .evaluation }
  }

  /// The sender.
  public let from: NodeID
  public let to: NodeID
  public let kind: Kind
  /// 0-based stage of the stream; `nil` for what belongs to none: control and evaluation.
  public let stage: Int?
  /// Bytes of payload frames.
  public internal(set) var payloadByteCount: Int
  /// Bytes of all frames with their framing, as they cross the socket after the handshake.
  public internal(set) var framedByteCount: Int
  /// Entropy of the payloads' contents: what a perfect code would take.
  public internal(set) var boundBits: Double
  /// Messages.
  public internal(set) var messageCount: Int
}
