import Experiments
import Roles
import Tensors
import Updates

extension NodePerformer {
  /// Does workers' work again and adds it up, one vector at a time. O(P) of memory.
  mutating func total(of parts: [Deferred], factors: [Float]) -> OrderResult {
    guard let (blueprint, bench) = shared else {
      return .failed(reason: "this node has not the workers in its process whose work it needs")
    }
    let names = parts.map { [$0.worker, $0.serial] }
    if let known = bench.total, known.parts == names, known.factors == factors {
      return .total(known.vector)
    }
    let sum = Vector(count: blueprint.layout.count)
    var isFirst = true
    for (part, factor) in zip(parts, factors) where factor > 0 {
      guard let state = bench.states.removeValue(forKey: part.worker) else {
        return .failed(reason: "worker \(part.worker) is not in this process")
      }
      var again = NodePerformer(sharing: blueprint, bench, as: state)
      guard let vector = again.vector(of: part) else {
        return .failed(reason: "the work of worker \(part.worker) cannot be done again")
      }
      bench.states[part.worker] = again.worker
      WeightedMean.enter(
        vector.base, factor, isFirst: isFirst, into: sum.base, count: sum.count)
      isFirst = false
    }
    bench.total = (names, factors, sum)
    return .total(sum)
  }

  /// What a worker would have sent.
  private mutating func vector(of part: Deferred) -> VectorView? {
    var result: VectorSource?
    for order in part.orders {
      switch perform(order) {
      case .gradient(let vector, _, _), .composed(let vector, _, _, _): result = vector
      case .importance(let sums): result = sums?.first
      default: return nil
      }
    }
    return result?.view
  }
}
