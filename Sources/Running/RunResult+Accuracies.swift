import Metrics
import Reports
import Roles
import Streams
import Training
import Experiments

/// From what was measured to figures: over all nodes, and for each node by itself.
extension RunResult {
  mutating func enterAccuracies(_ record: RunRecord, _ blueprint: Blueprint) {
    for row in record.orderedRows {
      self.curve.append(
        Point(
          step: row.step, version: row.versions.first ?? 0, accuracies: row.accuracies,
          seconds: hasClock ? row.seconds : nil))
    }
    let timeline = AccuracyTimeline(record, blueprint)
    enterGlobal(timeline, blueprint)
    enterNodes(record, blueprint)
    self.anytimeAccuracy = timeline.anytimeAccuracy
    self.minimumAccuracy = timeline.minimumAccuracy
    self.arrangement.taskOrder = timeline.completionOrder
    self.losses = record.losses.map { Loss(step: $0.step, loss: Double($0.loss)) }
    enterBoundaries(record, blueprint)
  }

  private mutating func enterGlobal(_ timeline: AccuracyTimeline, _ blueprint: Blueprint) {
    var global = timeline.matrix
    if blueprint.isJoint {
      // All tasks are learned at once: there is one row, the last.
      global = AccuracyMatrix(taskCount: self.taskNames.count)
      if let first = timeline.entries.first { global.set(row: 0, to: first.accuracies) }
      if let last = timeline.entries.last(where: { !$0.finished.isEmpty }) {
        global.set(row: self.taskNames.count, to: last.accuracies)
      }
    }
    self.matrix = global.rows
    let ordered = blueprint.isJoint ? global : timeline.orderedMatrix ?? global
    self.accuracy = ordered.accuracy
    self.backwardTransfer = ordered.backwardTransfer
    self.backwardTransferOverT = ordered.backwardTransferOverT
    self.forgetting = ordered.forgetting
    self.learningAccuracy = ordered.learningAccuracy
    // Before a task is learned means the same for all nodes only where all learn in one order.
    let taskSchedule = blueprint.taskSchedule
    if Set(taskSchedule.sequences).count == 1, taskSchedule.startSteps.allSatisfy({ $0 == 0 }) {
      self.forwardTransfer = ordered.forwardTransfer
    }
    let tasks = blueprint.stream.tasks
    let levels = tasks.map { Chance(classCount: $0.evaluationActive.count) }
    self.chance = levels.first?.level
    self.tasksAtChance = tasks.indices.compactMap { task in
      guard let last = global.rows[tasks.count][task] else { return nil }
      return levels[task].explains(last, exampleCount: tasks[task].testIndices.count)
        ? tasks[task].name : nil
    }
  }

  /// Each node by its own sequence, its classes weighed as its examples are.
  private mutating func enterNodes(_ record: RunRecord, _ blueprint: Blueprint) {
    let table = blueprint.placementTable
    self.perWorker = (0..<self.workers).map { worker in
      let sequence = blueprint.taskSchedule.sequences[worker]
      let tasks = sequence.flatMap { blueprint.stages[$0].tasks }
      var matrix = AccuracyMatrix(taskCount: tasks.count)
      for row in record.orderedRows {
        let accuracies = tasks.map { task in
          row.accuracy(
            of: task,
            mix: blueprint.stream.tasks[task].classes.map {
              table.counts[worker][$0][task]
            })
        }
        switch row.occasion {
        case .untrained: matrix.set(row: 0, to: accuracies)
        case .boundary(let positions):
          guard let position = positions.last(where: { $0.worker == worker }) else { continue }
          matrix.set(row: blueprint.isJoint ? tasks.count : position.position + 1, to: accuracies)
        case .sample: break
        }
      }
      return Worker(
        rank: worker, tasks: tasks.map { self.taskNames[$0] }, matrix: matrix.rows,
        accuracy: matrix.accuracy, backwardTransfer: matrix.backwardTransfer,
        forgetting: matrix.forgetting)
    }
    let own = self.perWorker.compactMap(\.accuracy)
    if let most = own.max(), let least = own.min() { self.disagreement = most - least }
  }

  private mutating func enterBoundaries(_ record: RunRecord, _ blueprint: Blueprint) {
    for row in record.orderedRows {
      guard case .boundary(let positions) = row.occasion, let first = positions.first else {
        continue
      }
      let stages = Set(positions.map(\.stage))
      let name =
        (stages.count == 1 ? blueprint.name(ofStage: first.stage) : nil)
        ?? "phase \(first.position + 1)"
      let who = positions.count == 1 && self.workers > 1 ? ", worker \(first.worker)" : ""
      self.taskBoundaries.append(Boundary(task: name + who, step: row.step))
    }
  }

  /// Who had which examples, and who trained what when.
  mutating func enterArrangement(_ record: RunRecord, _ blueprint: Blueprint) {
    let table = blueprint.placementTable
    self.spatialSkew = table.spatialSkew
    if blueprint.experiment.stream.order != .given, let scores = blueprint.stream.orderScores {
      self.orderScores = Dictionary(
        uniqueKeysWithValues: scores.map { ($0.key.rawValue, $0.value) })
    }
    self.arrangement.placement = table.counts
    var hash = SHA256()
    for count in table.counts.joined().joined() {
      withUnsafeBytes(of: Int64(count).littleEndian) { hash.update($0) }
    }
    self.arrangement.placementSha256 = hash.hexDigest()
    let taskSchedule = blueprint.taskSchedule
    // Workers that wait for each other are at the same step, however slow one is.
    let waits = blueprint.experiment.consistency.bound != nil
    let factors = blueprint.experiment.cluster.factors
    let timeline = Timeline(
      sequences: taskSchedule.sequences, stepCounts: blueprint.stepCounts,
      startSteps: taskSchedule.startSteps,
      factors: taskSchedule.sequences.indices.map { waits ? 1 : factors[$0] })
    self.stageSkew = timeline.stageSkew
    self.arrangement.timeline = timeline.segments.map { segments in
      segments.map {
        Arrangement.Segment(
          task: blueprint.name(of: blueprint.stages[$0.stage]), stage: $0.stage,
          start: Int($0.start),
          end: Int($0.end))
      }
    }
  }
}

extension AccuracyTimeline {
  /// What a run measured, by tasks.
  init(_ record: RunRecord, _ blueprint: Blueprint) {
    let taskSchedule = blueprint.taskSchedule
    var owners = blueprint.stream.tasks.map { _ in 0 }
    for (stage, value) in blueprint.stages.enumerated() {
      for task in value.tasks { owners[task] += taskSchedule.owners(of: stage).count }
    }
    self.init(
      entries: record.orderedRows.map { row in
        var finished: [Int] = []
        if case .boundary(let positions) = row.occasion {
          finished = positions.flatMap { blueprint.stages[$0.stage].tasks }
        }
        return Entry(accuracies: row.accuracies, finished: finished)
      }, ownerCounts: owners)
  }
}

extension RunRecord.Row {
  /// The accuracy on a task with its classes weighed by a mix of them; as it is for an empty mix.
  fileprivate func accuracy(of task: Int, mix: [Int]) -> Double? {
    let total = mix.reduce(0, +)
    guard total > 0 else { return accuracies[task] }
    var sum = 0.0
    for (accuracy, count) in zip(byClass[task], mix) where count > 0 {
      guard let accuracy else { return nil }
      sum += accuracy * Double(count) / Double(total)
    }
    return min(1, sum)
  }
}
