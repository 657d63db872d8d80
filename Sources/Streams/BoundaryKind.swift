import Tensors

/// How sharply one stage's examples are parted from the next one's.
public enum BoundaryKind: Sendable, Hashable {
  /// Every example in the stage of its task.
  case hard
  /// Some classes keep to their stage; of the others, some examples are found in other stages.
  ///
  /// - disjoint: Share of the classes that keep to their stage, 0…1 (the paper's N).
  /// - mixture: Share of each other class's examples that move, 0…1 (the paper's M).
  /// - Source: Koh et al. 2022 (i-Blurry).
  case blurry(disjoint: Double, mixture: Double)

  /// A class of a task, in its stage.
  private struct Unit {
    let stage: Int
    let examples: ArraySlice<Example>
  }

  /// Moves examples between the stages: none is lost, none is in two.
  ///
  /// An example keeps its task, and so the view and the outputs it is shown with, and a stage keeps
  /// the tasks it stands for. Each example moves to one of the other stages, all equally likely.
  /// Examples of mixed stages are in the order of their task and index.
  ///
  /// - Parameter label: Class of an example.
  /// - Throws: ``DataError`` when a share is not in 0…1.
  public func mix(
    _ stages: [Stage], seed: UInt64, label: (Example) -> Int
  ) throws(DataError) -> [Stage] {
    guard case .blurry(let disjoint, let mixture) = self else { return stages }
    for (key, share) in [("arrival.disjoint", disjoint), ("arrival.mixture", mixture)] {
      guard (0...1).contains(share) else {
        throw DataError("\(key) is \(share); use a share from 0 to 1")
      }
    }
    guard stages.count > 1 else { return stages }
    let units = Self.units(stages, label)
    var random = RandomStream(seed: seed, purpose: .boundaryMix)
    let keepCount = Int((Double(units.count) * disjoint).rounded())
    var keeps = [Bool](repeating: false, count: units.count)
    for unit in random.permutation(of: units.count).prefix(keepCount) { keeps[unit] = true }
    var mixed = [[Example]](repeating: [], count: stages.count)
    for (number, unit) in units.enumerated() {
      var random = RandomStream(seed: seed, purpose: .boundaryMix, node: number + 1)
      let order = random.permutation(of: unit.examples.count)
      let share = keeps[number] ? 0 : mixture
      let moveCount = Int((Double(order.count) * share).rounded())
      for (turn, index) in order.enumerated() {
        let example = unit.examples[unit.examples.startIndex + index]
        var stage = unit.stage
        if turn < moveCount {
          let other = random.index(below: stages.count - 1)
          stage = other < unit.stage ? other : other + 1
        }
        mixed[stage].append(example)
      }
    }
    return zip(stages, mixed).map { stage, examples in
      Stage(
        tasks: stage.tasks,
        examples: examples.sorted { ($0.task, $0.index) < ($1.task, $1.index) })
    }
  }

  /// The classes of the tasks, by stage, task and class.
  private static func units(_ stages: [Stage], _ label: (Example) -> Int) -> [Unit] {
    stages.enumerated().flatMap { number, stage in
      let keyed = stage.examples.map { (example: $0, label: label($0)) }.sorted { first, second in
        (first.example.task, first.label, first.example.index)
          < (second.example.task, second.label, second.example.index)
      }
      let sorted = keyed.map(\.example)
      let starts = keyed.indices.filter {
        $0 == 0 || keyed[$0].example.task != keyed[$0 - 1].example.task
          || keyed[$0].label != keyed[$0 - 1].label
      }
      return zip(starts, starts.dropFirst() + [sorted.count]).map {
        Unit(stage: number, examples: sorted[$0..<$1])
      }
    }
  }
}
