/// What a random draw is for. Draws for one purpose never move those for another.
public enum RandomPurpose: UInt32, Sendable {
  case initialization = 1
  case classOrder = 2
  case permutation = 3
  case rotation = 4
  case subset = 5
  case placement = 6
  case shuffle = 7
  case glyphShape = 8
  case glyphNoise = 9
  case fisherLabel = 10
  case delay = 11
  case test = 12
  case placementLaw = 13
  case onset = 14
  case boundaryMix = 15
  case taskOrder = 16
  case featureNoise = 17
  case straggler = 21
  case compression = 20
  case memory = 22
  case replay = 23
  case globalShuffle = 24
  case reference = 25
  case timeNoise = 30
  case story = 31
  case encoderInitialization = 40
  case decoderInitialization = 41
  case encodingNoise = 42
  case generation = 43
  case generatedNoise = 44
  case generatorSamples = 45
  case affinity = 46
  case fault = 50
}

/// A counter-based random generator: Philox4x32-10 keyed by (seed, purpose, node, step).
///
/// Equal keys give equal draws on every machine; different keys give independent ones; nothing is
/// shared and nothing has to be drawn in order, so adding a draw here moves nothing there.
///
/// - Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", §3.3.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private let purposeWord: UInt32
  private let nodeWord: UInt32
  private let stepWord: UInt32
  private var blockIndex: UInt32 = 0
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4

  /// - Parameters:
  ///   - seed: The experiment's seed.
  ///   - purpose: What the draws are for.
  ///   - node: Rank of the node, class, task: whatever the purpose distinguishes. 0 ≤ node < 2³².
  ///   - step: Step, epoch, example. 0 ≤ step < 2³². A stream holds 2³² blocks of 16 bytes.
  public init(seed: UInt64, purpose: RandomPurpose, node: Int = 0, step: Int = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    purposeWord = purpose.rawValue
    nodeWord = UInt32(node)
    stepWord = UInt32(step)
  }

  /// One Philox4x32-10 block.
  static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c, k) = (counter, key)
    for round in 0..<10 {
      if round > 0 { k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85) }
      let first = UInt64(0xD251_1F53) * UInt64(c.0)
      let second = UInt64(0xCD9E_8D57) * UInt64(c.2)
      c = (
        UInt32(truncatingIfNeeded: second >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: first)
      )
    }
    return c
  }

  /// 32 uniform bits.
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = Self.philox(counter: (blockIndex, stepWord, nodeWord, purposeWord), key: key)
      blockIndex &+= 1
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(nextWord()) << 32 | UInt64(low)
  }

  /// Uniform in `0..<1`, on a grid of 2⁻²⁴.
  public mutating func uniform() -> Float { Float(nextWord() >> 8) * 0x1p-24 }

  /// Uniform in `range`.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * (Double(next() >> 11) * 0x1p-53)
  }

  /// Uniform in `0..<bound`, without bias (Lemire 2019). `bound ≥ 1`.
  public mutating func index(below bound: Int) -> Int {
    precondition(bound >= 1 && bound <= Int(UInt32.max), "the bound must fit 32 bits")
    let bound32 = UInt32(bound)
    var product = UInt64(nextWord()) * UInt64(bound32)
    if UInt32(truncatingIfNeeded: product) < bound32 {
      let threshold = (0 &- bound32) % bound32
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(nextWord()) * UInt64(bound32)
      }
    }
    return Int(product >> 32)
  }

  /// A uniform permutation of `0..<count` (Fisher–Yates). O(`count`).
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, index(below: last + 1))
    }
    return order
  }
}
