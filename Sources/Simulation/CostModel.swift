import Roles
import Tensors

/// What work and links cost in virtual time. The delays are drawn by seed; the costs are settings,
/// not measurements.
public struct CostModel: Sendable, Hashable {
  /// Seconds that a worker computes on one gradient.
  public var stepSeconds: Double
  /// Seconds for one slice of an evaluation or importance pass.
  public var sliceSeconds: Double
  /// Shortest and longest latency of a message, drawn uniformly.
  public var latencySeconds: ClosedRange<Double>
  /// Bytes per second of each link and direction.
  public var bytesPerSecond: Double

  /// All costs are ≥ 0, the rate is > 0.
  public init(
    stepSeconds: Double, sliceSeconds: Double, latencySeconds: ClosedRange<Double>,
    bytesPerSecond: Double
  ) {
    precondition(stepSeconds >= 0 && sliceSeconds >= 0 && latencySeconds.lowerBound >= 0)
    precondition(bytesPerSecond > 0)
    self.stepSeconds = stepSeconds
    self.sliceSeconds = sliceSeconds
    self.latencySeconds = latencySeconds
    self.bytesPerSecond = bytesPerSecond
  }

  func duration(of order: Order) -> Double {
    switch order {
    case .gradient: stepSeconds
    case .localSteps(_, let steps, _): stepSeconds * Double(steps.count)
    case .evaluate, .importance: sliceSeconds
    case .prepareWorker, .prepareServer, .freshWeights: 0
    }
  }
}

/// One direction between two nodes: messages keep their order and wait for those before them.
struct Link {
  private let index: Int
  private let seed: UInt64
  private var messageCount = 0
  private var freeAt = Instant.zero
  private var lastArrival = Instant.zero

  init(seed: UInt64, index: Int) {
    self.seed = seed
    self.index = index
  }

  /// When a message that is handed over now will have arrived.
  mutating func arrival(of byteCount: Int, at now: Instant, _ costs: CostModel) -> Instant {
    var random = RandomStream(seed: seed, purpose: .delay, node: index, step: messageCount)
    messageCount += 1
    let begin = max(now, freeAt)
    freeAt = begin.advanced(bySeconds: Double(byteCount) / costs.bytesPerSecond)
    let latency = random.uniform(in: costs.latencySeconds)
    lastArrival = max(lastArrival, freeAt.advanced(bySeconds: latency))
    return lastArrival
  }
}

extension Instant {
  func advanced(bySeconds seconds: Double) -> Instant {
    Instant(nanoseconds: nanoseconds + Int64(seconds * 1e9))
  }
}
