/// When each node trains which stage, in steps of a node of factor 1.
public struct Timeline: Sendable, Hashable {
  /// A node's time in a stage.
  public struct Segment: Sendable, Hashable {
    /// 0-based.
    public let stage: Int
    public let start: Double
    /// ≥ `start`.
    public let end: Double
  }

  /// By node, one after the other without a gap.
  public let segments: [[Segment]]

  /// Lays the stages of each node's sequence end to end.
  ///
  /// - Parameters:
  ///   - sequences: By node, its stages in their order.
  ///   - stepCounts: By stage.
  ///   - startSteps: By node, when it begins.
  ///   - factors: By node, above 0: at 2 a step takes twice as long.
  public init(sequences: [[Int]], stepCounts: [Int], startSteps: [Int], factors: [Double]) {
    precondition(sequences.count == startSteps.count && sequences.count == factors.count)
    precondition(stepCounts.allSatisfy { $0 >= 0 } && startSteps.allSatisfy { $0 >= 0 })
    precondition(factors.allSatisfy { $0 > 0 && $0.isFinite })
    segments = sequences.indices.map { node in
      var steps = 0
      return sequences[node].map { stage in
        func time(_ steps: Int) -> Double {
          Double(startSteps[node]) + Double(steps) * factors[node]
        }
        defer { steps += stepCounts[stage] }
        return Segment(stage: stage, start: time(steps), end: time(steps + stepCounts[stage]))
      }
    }
  }
}
