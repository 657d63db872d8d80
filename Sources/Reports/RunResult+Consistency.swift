extension RunResult {
  /// What does not fit together in a result, `nil` if all does. Tables and figures rely on it.
  var flaw: String? {
    let count = self.taskNames.count
    if !fits(self.matrix, count) {
      return "has a matrix that is not \(count + 1) × \(count) for its task_names"
    }
    if self.curve.contains(where: { $0.accuracies.count != count }) {
      return "has a curve that does not have \(count) accuracies at each point"
    }
    if let worker = self.perWorker.first(where: { !fits($0.matrix, $0.tasks.count) }) {
      return "has a per_worker matrix of worker \(worker.rank) that does not fit its tasks"
    }
    let layers = self.diagnostics.boundaries.map { $0.layers.map(\.name) }.filter { !$0.isEmpty }
    if layers.contains(where: { $0 != layers[0] }) {
      return "has boundaries with different layers"
    }
    return self.communication.overTime.flaw
  }

  private func fits(_ rows: [[Double?]], _ count: Int) -> Bool {
    rows.count == count + 1 && rows.allSatisfy { $0.count == count }
  }
}
