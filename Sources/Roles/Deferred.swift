/// A vector as the work that makes it: what a worker sends in its stead where so many workers share
/// one process that their vectors would not fit its memory. Bytes are counted as if the vector
/// travelled; who needs it has the work done again, which gives the same bits.
public struct Deferred: Sendable {
  /// Rank of the worker whose work it is.
  public let worker: Int
  /// Tells the worker's deferred vectors apart.
  public let serial: Int
  /// What the worker was ordered; the results add up.
  public let orders: [Order]

  /// - Parameters:
  ///   - worker: Rank of the worker whose vector it is.
  ///   - serial: Tells its vectors apart.
  ///   - orders: What the worker was ordered; the results add up.
  public init(worker: Int, serial: Int, orders: [Order]) {
    self.worker = worker
    self.serial = serial
    self.orders = orders
  }
}
