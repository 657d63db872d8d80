import Roles
import Tensors

/// A stage's importance under way at a performer: its sum so far, or the orders that make it.
struct ImportanceSlices {
  private var sum: Vector?
  private var orders: [Order] = []

  /// The sum that the next slice is added to.
  ///
  /// - Parameters:
  ///   - isFirst: It is a stage's first slice: the sum begins at 0.
  ///   - count: Elements of all vectors that the sum has.
  mutating func sum(isFirst: Bool, count: Int) -> Vector {
    let sum = isFirst ? nil : sum
    let next = sum ?? Vector(count: count)
    self.sum = next
    return next
  }

  /// All orders of the stage after the next one.
  mutating func enter(_ order: Order, isFirst: Bool) -> [Order] {
    orders = (isFirst ? [] : orders) + [order]
    return orders
  }
}
