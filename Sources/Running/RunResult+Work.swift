import Reports
import Roles

extension RunResult.Work {
  /// What all workers together did.
  ///
  /// - Parameter workers: What each says of itself.
  init(_ workers: [NodeSummary]) {
    self.init()
    for worker in workers {
      references += worker.examples.referred
      importance += worker.examples.weighed
      new += worker.examples.trained
      for activity in worker.activity {
        new -= activity.rehearsedCount + activity.generatedCount
        replayed += activity.rehearsedCount
        made += activity.generatedCount
        generator += activity.generatorCount
        frozenPasses += activity.frozenCount
      }
    }
  }
}
