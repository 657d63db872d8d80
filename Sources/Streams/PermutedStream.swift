public import Settings
import Tensors

/// Each task has the numbers of an example in another order.
///
/// The first task shows them in their order, as most of the literature has it; those after it are
/// named by their number of permutations so far. Of images in colours every number moves for
/// itself.
public struct PermutedStream: StreamKind {
  /// `stream.kind`.
  public static let name = "permuted"
  /// None.
  public static let keys: [Key<PermutedStream>] = []

  /// It has no settings.
  public init() {}

  /// An index.
  public var viewByteCount: Int { 4 }

  /// A view a task, its order drawn by seed.
  public func views(
    of data: DataSet, in frame: InputMap.Frame, taskCount: Int, seed: UInt64
  ) -> [TaskView] {
    (0..<taskCount).map { task in
      guard task > 0 else { return TaskView(map: .identity(frame), name: "original") }
      var random = RandomStream(seed: seed, purpose: .permutation, node: task)
      let order = random.permutation(of: frame.inputCount)
      return TaskView(map: .permuted(order, frame), name: "permutation \(task)")
    }
  }
}
