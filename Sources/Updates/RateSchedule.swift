import CKernels

/// How the learning rate changes over the optimiser's steps.
public enum RateSchedule: Sendable, Hashable, Codable {
  case constant
  /// Multiplied by `factor` after every `every` steps (≥ 1).
  case step(every: Int, factor: Float)
  /// Half a cosine from the base rate to `floor` times it within `steps` steps (≥ 1), then
  /// constant.
  ///
  /// - Source: Loshchilov & Hutter 2017, eq. 5, without restarts.
  case cosine(steps: Int, floor: Float)
  /// From the step of each milestone on multiplied by its factor, and only by that; before the
  /// first the base rate.
  case milestones([Milestone])

  /// A step from which the rate is another one.
  public struct Milestone: Sendable, Hashable, Codable {
    /// 0-based.
    public let step: Int
    /// Of the base rate, above 0.
    public let factor: Float

    /// The rate times `factor` from `step` on.
    public init(step: Int, factor: Float) {
      self.step = step
      self.factor = factor
    }
  }

  /// The rate of a step.
  ///
  /// - Parameters:
  ///   - step: 0-based step of the optimiser.
  ///   - base: The rate of step 0.
  public func rate(atStep step: Int, base: Float) -> Float {
    switch self {
    case .constant: return base
    case .step(let every, let factor):
      return base * Float(hebb_pow(Double(factor), Double(step / every)))
    case .cosine(let steps, let floor):
      let progress = min(1, Double(step) / Double(steps))
      let share = 0.5 * (1 + hebb_cos(Double.pi * progress))
      return base * (floor + (1 - floor) * Float(share))
    case .milestones(let milestones):
      return base * (milestones.last { $0.step <= step }?.factor ?? 1)
    }
  }
}
