public import Tensors

/// Floats of a message: here, or the work that makes them.
public enum VectorSource: Sendable {
  case here(VectorView)
  case later(Deferred)

  /// The floats, if they are here.
  public var view: VectorView? {
    if case .here(let view) = self { view } else { nil }
  }

  /// What makes them, if they are not here.
  public var deferred: Deferred? {
    if case .later(let deferred) = self { deferred } else { nil }
  }

  /// Whether all are finite numbers. Of what is made later its worker has made sure. O(count).
  var isFinite: Bool {
    view.map { Kernels.allFinite($0.base, count: $0.count) } ?? true
  }
}
