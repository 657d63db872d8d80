import Roles

/// A coordinator orders no slow work.
struct NoOrders: Performer {
  mutating func perform(_ order: Order) -> OrderResult {
    .failed(reason: "a coordinator performs no orders")
  }
}
