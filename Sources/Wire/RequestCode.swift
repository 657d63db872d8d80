import Roles

/// A ``Roles/WeightsRequest`` as it stands in a header: a kind, from 1, and two numbers.
struct RequestCode {
  let kind: UInt8
  let first: UInt32
  let second: UInt32

  private init(_ kind: UInt8, _ first: Int = 0, _ second: Int = 0) {
    self.kind = kind
    self.first = UInt32(truncatingIfNeeded: first)
    self.second = UInt32(truncatingIfNeeded: second)
  }

  init(_ request: WeightsRequest) {
    switch request {
    case .current: self.init(1)
    case .atRest: self.init(2)
    case .penalty: self.init(3)
    case .kept(.boundary(let worker, let position)): self.init(4, worker, position)
    case .kept(.provisional(let worker, let step)): self.init(5, worker, step)
    case .kept(.sample(let phase, let step)): self.init(6, phase, step)
    case .held: self.init(7)
    }
  }

  /// The request of a kind.
  ///
  /// - Parameters:
  ///   - kind: 0 for no request.
  ///   - numbers: Both of them, the first in the lower half; 0 where the kind has none.
  /// - Returns: `nil` if nothing is requested.
  static func request(_ kind: UInt8, _ numbers: UInt64) throws(WireError) -> WeightsRequest? {
    let (first, second) = (Int(numbers & 0xFFFF_FFFF), Int(numbers >> 32))
    switch kind {
    case 0: return nil
    case 1 where numbers == 0: return .current
    case 2 where numbers == 0: return .atRest
    case 3 where numbers == 0: return .penalty
    case 4: return .kept(.boundary(worker: first, position: second))
    case 5: return .kept(.provisional(worker: first, step: second))
    case 6: return .kept(.sample(phase: first, step: second))
    case 7 where numbers == 0: return .held
    default: throw .request(kind)
    }
  }
}
