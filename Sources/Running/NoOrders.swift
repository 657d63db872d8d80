public import Roles

/// A coordinator orders no slow work.
public struct NoOrders: Performer {
  /// It has no state.
  public init() {}

  public mutating func perform(_ order: Order) -> OrderResult {
    .failed(reason: "a coordinator performs no orders")
  }
}
