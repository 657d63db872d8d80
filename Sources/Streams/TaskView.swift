/// How one task shows examples.
public struct TaskView: Sendable {
  let map: InputMap
  /// What distinguishes the task; `nil` when its classes do.
  let name: String?
}
