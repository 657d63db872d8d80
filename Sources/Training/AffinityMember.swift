import Experiments
import Models
import Streams
import Tensors

/// A task, or a node, as one of those between which affinity is measured: which examples it has and
/// how they look to it.
struct AffinityMember {
  let name: String
  /// Those that are trained on.
  let examples: [Example]
  /// What is on its inputs.
  let noise: FeatureNoise?
  /// The task whose test examples probes are judged by; `nil` for a node, which has none.
  var task: Int?
  /// What probes are judged by where there is no test.
  var held: [Example] = []

  /// Half of the examples, and the other half to judge probes by; with a test there is no need.
  var halved: AffinityMember {
    guard task == nil else { return self }
    func half(_ rest: Int) -> [Example] {
      stride(from: rest, to: examples.count, by: 2).map { examples[$0] }
    }
    return AffinityMember(name: name, examples: half(0), noise: noise, held: half(1))
  }

  /// Adds what probes are judged by, at even distances, up to a number.
  func writeHeld(_ most: Int, of blueprint: Blueprint, to batch: inout Batch) {
    let all = task.map { blueprint.stream.tasks[$0].testIndices.count } ?? held.count
    let count = min(most, all)
    for place in 0..<count {
      let index = place * all / count
      if let task {
        blueprint.writeTest(index, of: task, to: &batch)
      } else {
        blueprint.write(
          held[index], to: &batch, noise: noise,
          units: blueprint.stream.tasks[held[index].task].evaluationActive)
      }
    }
  }

  /// - Throws: ``ConfigurationError`` where one has nothing to learn.
  static func all(
    _ members: AffinityPlan.Members, of blueprint: Blueprint
  ) throws(ConfigurationError) -> [AffinityMember] {
    let all: [AffinityMember]
    switch members {
    case .tasks:
      let stages = blueprint.stream.stages(joint: false)
      all = zip(blueprint.stream.tasks, stages).map { task, stage in
        AffinityMember(
          name: task.name, examples: stage.examples, noise: nil, task: stage.tasks.first)
      }
    case .nodes:
      all = (0..<blueprint.experiment.cluster.workers).map { rank in
        AffinityMember(
          name: "node \(rank)",
          examples: blueprint.stages.indices.flatMap { blueprint.examples(stage: $0, rank: rank) },
          noise: blueprint.noise(rank: rank))
      }
    }
    if let idle = all.first(where: { $0.examples.isEmpty }) {
      throw ConfigurationError(
        "\(idle.name) has no examples, so that nothing can be said of its affinity; give it some "
          + "by placement.kind, or ask for fewer \(members)")
    }
    return all
  }
}

/// Batches of members as they are drawn for one purpose: each draw is independent of the others.
struct MemberBatches {
  /// Draws that are told apart.
  enum Use: Int {
    /// To train all members at once.
    case training
    /// To compare gradients and losses.
    case sampling
  }

  private let blueprint: Blueprint
  private let members: [AffinityMember]
  private var schedules: [BatchSchedule]

  /// - Parameters:
  ///   - batch: Examples of each member in a batch, ≥ 1; one that has fewer gives all.
  ///   - count: How many batches of each member.
  init(
    _ members: [AffinityMember], of blueprint: Blueprint, for use: Use, batch: Int, count: Int
  ) {
    self.members = members
    self.blueprint = blueprint
    schedules = members.enumerated().map { number, member in
      BatchSchedule(
        sharing: member.examples.count, batch: batch, for: .affinity,
        stage: 2 * number + use.rawValue, length: .iterations(count),
        seed: blueprint.experiment.seed)
    }
  }

  /// Adds a batch of one member. All that a task is tested on competes for an example, as where
  /// all tasks are trained at once.
  mutating func append(_ number: Int, of member: Int, to batch: inout Batch) {
    for place in schedules[member].examples(at: number) {
      let example = members[member].examples[place]
      blueprint.write(
        example, at: (stage: example.task, step: number), to: &batch, noise: members[member].noise,
        units: blueprint.stream.tasks[example.task].evaluationActive)
    }
  }
}
