import Archives
import Experiments
import Roles
import Training

/// Makes the coordinators of a run, one a conduct: each goes on from the last cut.
struct Conductor {
  private let blueprint: Blueprint
  private let store: (any CutShelf)?
  private let cuts: CutRule?
  private let remark: (String) -> Void

  /// - Parameters:
  ///   - store: Where the cuts are; `nil`: there are none.
  ///   - cuts: How often the run is cut; `nil`: never.
  ///   - remark: Told of each cut that is passed over, and why.
  init(
    _ blueprint: Blueprint, _ store: (any CutShelf)?, cuts: CutRule?,
    remark: @escaping (String) -> Void
  ) {
    self.blueprint = blueprint
    self.store = store
    self.cuts = cuts
    self.remark = remark
  }

  /// A coordinator that goes on from the last cut, if there is one, and what its driver has counted
  /// before.
  ///
  /// - Parameters:
  ///   - run: The number of this conduct of the run.
  ///   - recovers: Whether nodes that are lost are started again.
  ///   - conduct: Conducts before this one.
  func coordinator(
    run: UInt64, recovers: Bool = false, conduct: UInt32 = 0
  ) throws(RunFailure) -> (CoordinatorRole, DriverAccount) {
    let plan = blueprint.runPlan(run: run)
    var rule = store == nil ? nil : cuts
    rule?.after = store?.nextBase ?? 0
    let fresh = CoordinatorRole(plan, cuts: rule, recovers: recovers, conduct: conduct)
    guard let store else { return (fresh, DriverAccount()) }
    let cluster = blueprint.experiment.cluster
    let nodes =
      [NodeID.coordinator] + (0..<cluster.servers).map { .server($0) }
      + (0..<cluster.workers).map { .worker($0) }
    guard let last = store.last(of: nodes, remark: remark) else { return (fresh, DriverAccount()) }
    var (account, performer) = (DriverAccount(), NoOrders())
    do {
      let archive = try account.take(
        try store.read(cut: last, of: .coordinator), for: &performer)
      let coordinator = try CoordinatorRole(
        plan, from: last, archive, cuts: rule, recovers: recovers, conduct: conduct)
      return (coordinator, account)
    } catch {
      throw RunFailure(
        kind: .preparation, description: "the coordinator cannot go on from its part: \(error)")
    }
  }
}
