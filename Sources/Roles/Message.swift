public import Tensors

/// One message between two nodes: a fixed header and one payload. The Wire room documents its
/// bytes.
public struct Message: Sendable {
  /// What a message is. Raw values stand in the header.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// Registration, boundaries, heartbeats, shutdown: a ``Control`` value.
    case control = 1
    /// A worker asks for weights that it goes on with, or for the penalty: see ``WeightsRequest``.
    case pull = 2
    /// A worker's gradient of one step, or a reference beside it, one block of it.
    case push = 3
    /// A server's weights at one version, one block: the answer to a push or a pull.
    case weights = 4
    /// A worker's sum of per-example importances of one stage, one block of it.
    case importance = 5
    /// A worker has come to the end of a stage, or to a moment of consolidation within it: asks for
    /// the weights as they are and that this version be kept as the anchor of its key.
    case anchor = 6
    /// A worker will push no more in this phase.
    case retire = 7
    /// A worker asks for a snapshot that it is to measure.
    case inspect = 8
    /// The answer to that: a block of exactly those weights.
    case inspected = 9
    /// U of the folded penalty, one block of it; nothing where there is none yet.
    case curvature = 10
    /// θ̄ = V/U, one block of it, or a worker's own anchor; nothing if it is the weights at hand.
    case centre = 11
    /// Which places of a block a push need not have; nothing if it has all.
    case frozen = 12
  }

  /// What the message is.
  public var kind: Kind
  /// Identifies the run; 0 in a registration by a node that does not know it yet.
  public var run: UInt64
  public var sender: NodeID
  /// Distinguishes the lives of a node that was started again under the same rank.
  public var incarnation: UInt32
  /// 0-based stage of the stream that the message belongs to.
  public var stage: Int
  /// Push, importance: how many examples the vector stands for.
  public var exampleCount: Int
  /// What is asked for, or answered; `nil` for what is part of a round trip.
  public var request: WeightsRequest?
  /// The worker's round trip, counted from 1 over the whole run: the one that a push makes and its
  /// answer ends, or the last one. 0 with a ``request``.
  public var clock: UInt64
  /// Push: the version the gradient was computed at. Weights: the version that they are.
  public var version: UInt64
  /// Push: steps that the worker took on its own to get to it; 1 but with local steps.
  public var steps: Int
  /// Push: 0 for the gradient, from 1 for references. Importance: which of its vectors it is, where
  /// a worker sends several of one stage; from 0.
  public var part: Int
  /// Which elements of the flat parameter vector the payload holds.
  public var range: Range<Int>
  public var payload: Payload

  /// What a message carries behind its header.
  public enum Payload: Sendable {
    case none
    case control(Control)
    /// `range.count` floats.
    case tensor(VectorView)
    /// `range.count` floats as a codec has written them.
    case encoded([UInt8])
    /// `range` of a vector that is made where it is needed; only within one process.
    case deferred(Deferred)
  }

  /// A message with every header field given or zero.
  public init(
    _ kind: Kind, run: UInt64, sender: NodeID, incarnation: UInt32, stage: Int = 0,
    exampleCount: Int = 0, request: WeightsRequest? = nil, clock: UInt64 = 0,
    version: UInt64 = 0, steps: Int = 1, part: Int = 0, range: Range<Int> = 0..<0,
    payload: Payload = .none
  ) {
    self.kind = kind
    self.run = run
    self.sender = sender
    self.incarnation = incarnation
    self.stage = stage
    self.exampleCount = exampleCount
    self.request = request
    self.clock = clock
    self.version = version
    self.steps = steps
    self.part = part
    self.range = range
    self.payload = payload
  }
}

extension Message {
  /// Whether it is of the same run before a node was lost: its conducts are numbered one after
  /// another.
  ///
  /// - Parameter count: Conducts before this one.
  func isOfEarlierConduct(of run: UInt64, after count: UInt32) -> Bool {
    self.run != 0 && self.run < run && run - self.run <= UInt64(count)
  }
}

/// Floats in the largest block of a vector that travels as one message: 1 MiB. Longer vectors are
/// cut, so that copy, arithmetic and transfer overlap and no allocation leaves the allocator's
/// reuse.
public let blockCountMaximum = 262_144
