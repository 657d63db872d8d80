import CKernels

extension ErrorFeedback {
  /// What a sender does besides encoding. The default is plain error feedback.
  public struct Options: Sendable, Hashable {
    /// Whether what a codec left out is added to the next gradient. Source: Karimireddy et al.
    /// 2019, algorithm 2.
    public var isEnabled: Bool
    /// μ of momentum correction: the momentum is taken here, before the codec, and the receiver
    /// uses none. 0 for none. Source: Lin et al. 2018 (DGC), §3.1.
    public var momentum: Float
    /// Whether a value that was sent loses its momentum, too. For sparse codecs. Source: DGC, §3.2.
    public var isMasked: Bool
    /// The largest Euclidean norm of a gradient; one above is scaled down before anything else. DGC
    /// advises the usual limit times N^(−1/2) for N workers (§3.2).
    public var normMaximum: Float?
    /// Means something to top-k and random-k only.
    public var warmUp: DensityWarmUp?

    /// Plain error feedback, but for what is named.
    public init(
      isEnabled: Bool = true, momentum: Float = 0, isMasked: Bool = false,
      normMaximum: Float? = nil, warmUp: DensityWarmUp? = nil
    ) {
      self.isEnabled = isEnabled
      self.momentum = momentum
      self.isMasked = isMasked
      self.normMaximum = normMaximum
      self.warmUp = warmUp
    }
  }
}

/// Sends more at the beginning: the density falls exponentially to its target. Source: Lin et al.
/// 2018 (DGC), §3.3.
public struct DensityWarmUp: Sendable, Hashable {
  /// Density of step 0, 0.25 in the paper; above the target, else it means nothing.
  public var start: Double
  /// Steps until the target is reached, ≥ 1.
  public var stepCount: Int

  /// - Parameters:
  ///   - start: Above 0, at most 1.
  ///   - stepCount: ≥ 1.
  public init(start: Double = 0.25, stepCount: Int) {
    precondition(start > 0 && start <= 1 && stepCount >= 1)
    self.start = start
    self.stepCount = stepCount
  }

  /// start · (target / start)^(step / stepCount), from `stepCount` on the target.
  public func density(atStep step: Int, target: Double) -> Double {
    guard step < stepCount, start > target else { return target }
    let share = Double(max(step, 0)) / Double(stepCount)
    return start * hebb_pow(target / start, share)
  }
}

extension Codec {
  /// The codec of a step under a warm-up.
  func warmed(_ warmUp: DensityWarmUp?, step: Int) -> Codec {
    guard let warmUp else { return self }
    switch self {
    case .topK(let density, let values):
      return .topK(density: warmUp.density(atStep: step, target: density), values: values)
    case .randomK(let density, let values, let isUnbiased):
      return .randomK(
        density: warmUp.density(atStep: step, target: density), values: values,
        isUnbiased: isUnbiased)
    default: return self
    }
  }
}
