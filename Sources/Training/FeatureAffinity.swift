import Experiments
import Models
import Streams
import Tensors

/// How well features that one member's training makes serve the others: a network is trained on
/// each member alone, and on what its last layer gets a linear probe is fitted for every member.
///
/// - Source: Zamir et al. 2018, "Taskonomy", §3.2: transfer by small functions of features.
struct FeatureAffinity {
  private let blueprint: Blueprint
  private let members: [AffinityMember]
  private let plan: AffinityPlan

  /// - Parameter members: With held examples.
  init(_ members: [AffinityMember], of blueprint: Blueprint, plan: AffinityPlan) {
    self.members = members
    self.blueprint = blueprint
    self.plan = plan
  }

  /// W_ij: the accuracy of a probe for j on the features of a network that learned i, by that on
  /// the features of one that learned j. It has 1 on its diagonal; a column is not a number where
  /// its own features answer nothing.
  ///
  /// - Parameter progress: Called after each step of each network.
  func matrix(progress: () throws -> Void) throws -> [[Double]] {
    let accuracies = try members.indices.map { source in
      let weights = try train(source, progress: progress)
      return probed(at: weights)
    }
    return accuracies.map { row in
      row.indices.map {
        accuracies[$0][$0] > 0 ? row[$0] / accuracies[$0][$0] : .nan
      }
    }
  }

  /// The weights after training on one member alone.
  private func train(_ source: Int, progress: () throws -> Void) throws -> Vector {
    let size = blueprint.experiment.batch
    var batches = MemberBatches(
      members, of: blueprint, for: .training, batch: size, count: plan.stepCount)
    var batch = Batch(capacity: size, inputs: blueprint.stream.inputCount)
    let workspace = Workspace(model: blueprint.model, capacity: size)
    let descent = Descent(blueprint)
    for step in 0..<plan.stepCount {
      batch.removeAll()
      batches.append(step, of: source, to: &batch)
      descent.step(on: batch, using: workspace)
      try progress()
    }
    guard Kernels.allFinite(descent.weights.base, count: descent.weights.count) else {
      throw AffinityMeasurement.divergence("training on \(members[source].name)")
    }
    return descent.weights
  }

  /// By member: the share of its held examples that a probe answers which is fitted to others.
  private func probed(at weights: Vector) -> [Double] {
    let workspace = Workspace(model: blueprint.model, capacity: plan.exampleCount)
    var batches = MemberBatches(
      members, of: blueprint, for: .sampling, batch: plan.exampleCount, count: 1)
    var batch = Batch(capacity: plan.exampleCount, inputs: blueprint.stream.inputCount)
    return members.indices.map { target in
      batch.removeAll()
      batches.append(0, of: target, to: &batch)
      let probe = RidgeProbe(features(of: batch, at: weights, workspace), labels: batch.labels)
      batch.removeAll()
      members[target].writeHeld(plan.exampleCount, of: blueprint, to: &batch)
      return probe.accuracy(features(of: batch, at: weights, workspace), labels: batch.labels)
    }
  }

  private func features(
    of batch: Batch, at weights: Vector, _ workspace: Workspace
  ) -> [[Double]] {
    let (model, width) = (blueprint.model, blueprint.model.featureCount)
    guard batch.count > 0 else { return [] }
    let pass = Pass(model, batch, 0..<batch.count, at: weights.base, using: workspace)
    _ = model.forward(pass)
    let features = model.features(of: pass)
    return (0..<batch.count).map { row in
      (0..<width).map { Double(features[row * width + $0]) }
    }
  }
}
