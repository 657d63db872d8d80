public import Roles

/// A descriptor that the loop watches besides its sockets, and the input it stands for.
public struct Watch {
  let descriptor: Int32
  let read: () -> Input?

  /// - Parameters:
  ///   - descriptor: Becomes readable when there is something to say.
  ///   - read: Makes it unreadable again and says it; called on the loop's thread.
  public init(descriptor: Int32, read: @escaping () -> Input?) {
    self.descriptor = descriptor
    self.read = read
  }
}
