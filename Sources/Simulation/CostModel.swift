import Roles
import Tensors
import Wire

/// What work and links cost in virtual time. Delays are drawn by seed.
public struct CostModel: Sendable, Hashable {
  /// How long a message is under way after its last byte has left.
  public enum Latency: Sendable, Hashable {
    /// Uniform between two bounds, in seconds.
    case uniform(ClosedRange<Double>)
    /// A least one, and an exponential rest with this mean, in seconds.
    case exponential(minimum: Double, mean: Double)
  }

  /// A node does nothing for a while.
  public struct Pause: Sendable, Hashable {
    public let worker: Int
    public let startSeconds: Double
    public let seconds: Double

    /// - Parameters:
    ///   - worker: Rank of the worker that does nothing for a while.
    ///   - startSeconds: When the pause begins, on the simulator's clock.
    ///   - seconds: How long it is.
    public init(worker: Int, startSeconds: Double, seconds: Double) {
      self.worker = worker
      self.startSeconds = startSeconds
      self.seconds = seconds
    }
  }

  /// Seconds that a worker computes on one gradient.
  public var stepSeconds: Double
  /// Seconds for one slice of an evaluation.
  public var sliceSeconds: Double
  /// Seconds for one slice of an importance pass.
  public var importanceSeconds: Double
  /// Share of steps that take `stragglerFactor` times as long.
  public var stragglerShare = 0.0
  public var stragglerFactor = 1.0
  public var pauses: [Pause] = []
  public var latency: Latency
  /// Bytes per second that a node sends, and as many that it receives.
  public var bytesPerSecond: Double
  /// Seconds of a node's work on each message that it sends or takes, besides its bytes.
  public var messageSeconds = 0.0
  /// Seconds that a server works on each byte that is pushed, before it answers.
  public var serverSecondsPerByte = 0.0
  /// Whether frames are as long as encrypted ones.
  public var isEncrypted = false
  /// Processors that all nodes share, moving bytes included; `nil`: one for each node.
  public var coreCount: Int?

  /// All costs are ≥ 0, the rate is > 0; a slice of importance costs what one of evaluation does
  /// until it is given.
  public init(
    stepSeconds: Double, sliceSeconds: Double, latency: Latency, bytesPerSecond: Double
  ) {
    precondition(stepSeconds >= 0 && sliceSeconds >= 0)
    precondition(bytesPerSecond > 0)
    self.stepSeconds = stepSeconds
    self.sliceSeconds = sliceSeconds
    importanceSeconds = sliceSeconds
    self.latency = latency
    self.bytesPerSecond = bytesPerSecond
  }

  /// Nothing takes time.
  public static let free = CostModel(
    stepSeconds: 0, sliceSeconds: 0, latency: .uniform(0...0), bytesPerSecond: .infinity)

  /// Seconds of a node's order, the `number`-th of it.
  ///
  /// - Parameter factor: Of the node: its work takes so many times as long.
  func duration(
    of order: Order, by node: NodeID, factor: Double, number: Int, seed: UInt64
  ) -> Double {
    switch order {
    case .gradient: return factor * step(node, number, seed)
    // A batch like a step's.
    case .reference: return factor * stepSeconds
    case .localSteps(_, let steps, _, _):
      return factor * Double(steps.count) * step(node, number, seed)
    case .evaluate, .statement: return factor * sliceSeconds
    case .importance: return factor * importanceSeconds
    case .prepareWorker, .prepareServer, .freshWeights, .total: return 0
    }
  }

  private func step(_ node: NodeID, _ number: Int, _ seed: UInt64) -> Double {
    guard stragglerShare > 0 else { return stepSeconds }
    var random = RandomStream(seed: seed, purpose: .straggler, node: node.rank, step: number)
    let isSlow = random.uniform(in: 0...1) < stragglerShare
    return isSlow ? stragglerFactor * stepSeconds : stepSeconds
  }

  /// Seconds of a node's work on a message that it sends or takes.
  func seconds(of message: EncodedMessage) -> Double {
    messageSeconds
      + Double(message.framedByteCount(isEncrypted: isEncrypted)) / bytesPerSecond
  }

  /// Seconds of a message's latency, the `number`-th between two nodes.
  func latency(link: Int, number: Int, seed: UInt64) -> Double {
    var random = RandomStream(seed: seed, purpose: .delay, node: link, step: number)
    switch latency {
    case .uniform(let range): return random.uniform(in: range)
    case .exponential(let minimum, let mean):
      return minimum + mean * random.exponential()
    }
  }

  /// The moment at which a node can begin something that it wants to begin now.
  func resumption(of node: NodeID, at now: Instant) -> Instant {
    guard node.kind == .worker else { return now }
    var moment = now
    for pause in pauses where pause.worker == node.rank {
      let start = Instant.zero.advanced(bySeconds: pause.startSeconds)
      let end = start.advanced(bySeconds: pause.seconds)
      if moment >= start && moment < end { moment = end }
    }
    return moment
  }
}
