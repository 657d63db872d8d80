/// What can be measured, each beside its yardstick.
public enum Benchmark: String, CaseIterable, Sendable {
  case roundtrip, gradient, steps, fisher, questions, update, projection, codecs, simulator

  /// Measures; the two sides of a ratio take turns.
  ///
  /// - Parameters:
  ///   - rounds: Of each measurement, at least 1; figures are medians.
  ///   - python: An interpreter with PyTorch; without one there is no comparison with it.
  /// - Throws: Why something could not be measured, or that a signal came.
  public func rows(rounds: Int, python: String?) throws -> [BenchRow] {
    let peer = python.map { TorchPeer(python: $0) }
    return switch self {
    case .roundtrip: try RoundTripBench(rounds: rounds).rows()
    case .gradient: try GradientBench(rounds: rounds, peer: peer).rows()
    case .steps: try StepsBench(rounds: rounds, peer: peer).rows()
    case .fisher: try FisherBench(rounds: rounds, peer: peer).rows()
    case .questions: try QuestionBench(rounds: rounds, peer: peer).rows()
    case .update: try UpdateBench(rounds: rounds).rows()
    case .projection: try ProjectionBench(rounds: rounds).rows()
    case .codecs: try CodecBench(rounds: rounds).rows()
    case .simulator: try SimulatorBench(rounds: rounds).rows()
    }
  }
}
