extension RunResult {
  /// A penalty that is called too strong leaves less than this share of what the first task, which
  /// nothing holds yet, is learned above chance. On grids over λ the best strengths left 0.7 and
  /// more, and those with which nothing was learned any more less than 0.3.
  private static let healthyShare = 0.5

  /// What to say where the penalty keeps the network from learning; `nil` where it does not, or
  /// where that cannot be told: without a penalty, with nothing learned before there was one, and
  /// where nodes learn tasks in different orders.
  public var hindrance: String? {
    guard self.diagnostics.strength > 0, let chance = self.chance,
      Set(self.perWorker.map(\.tasks)).count == 1
    else {
      return nil
    }
    let learned = self.taskNames.indices.map { place -> Double? in
      let (row, task) = (place + 1, learnedTask(place + 1))
      guard self.matrix.indices.contains(row), self.matrix[row].indices.contains(task) else {
        return nil
      }
      return self.matrix[row][task]
    }
    guard let first = learned.first ?? nil, first - chance > 0.1 else { return nil }
    let later = learned.dropFirst().compactMap(\.self)
    guard !later.isEmpty else { return nil }
    let mean = later.reduce(0, +) / Double(later.count)
    guard mean - chance < Self.healthyShare * (first - chance) else { return nil }
    return
      "the penalty keeps it from learning: the first task reached \(Figures.percent(first)) %, "
      + "later ones \(Figures.percent(mean)) % on average, chance is \(Figures.percent(chance)) %; "
      + "lower method.lambda, which is \(Figures.short(self.diagnostics.strength))"
  }
}
