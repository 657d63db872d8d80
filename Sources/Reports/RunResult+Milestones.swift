extension RunResult {
  /// Finds the milestones on the curve; measurements that leave tasks out are none.
  public mutating func enterMilestones() {
    self.timeToAccuracy = []
    var wanted = Milestone.accuracies[...]
    for point in self.curve {
      let known = point.accuracies.compactMap(\.self)
      guard let seconds = point.seconds, !known.isEmpty, known.count == point.accuracies.count
      else { continue }
      let mean = known.reduce(0, +) / Double(known.count)
      // A mean of fractions may miss by its last bit what it is on paper.
      while let accuracy = wanted.first, mean >= accuracy - 1e-9 {
        self.timeToAccuracy.append(
          Milestone(accuracy: accuracy, seconds: seconds, step: point.step))
        wanted = wanted.dropFirst()
      }
    }
  }

  /// Seconds to the first measurement at which the mean accuracy reached one of those looked for.
  func seconds(to accuracy: Double) -> Double? {
    self.timeToAccuracy.first { ($0.accuracy - accuracy).magnitude < 1e-6 }?.seconds
  }
}
