import Testing

@testable import Roles

/// Workers that multiply with different code end on different bits.
@Suite struct `A coordinator` {
  private static func plan(wantsOneKernel: Bool) -> RunPlan {
    RunPlan(
      run: 5, experiment: "", workerCount: 3, serverCount: 1, parameterCount: 4,
      taskSchedule: .shared(stageCount: 1, workerCount: 3), stageNames: ["a"], stepCounts: [1],
      classCounts: [2], method: MethodPlan(), wantsOneKernel: wantsOneKernel,
      fingerprint: "f", timeouts: Timeouts())
  }

  /// All nodes register, and say that they are ready in the order of their ranks.
  private func prepared(
    _ kernels: [String?], wantsOneKernel: Bool = true
  ) -> (role: CoordinatorRole, ending: Ending?) {
    var role = CoordinatorRole(Self.plan(wantsOneKernel: wantsOneKernel))
    var effects = role.handle(.start, at: .zero)
    func say(_ control: Control, _ node: NodeID, run: UInt64) {
      let message = Message(
        .control, run: run, sender: node, incarnation: 0, payload: .control(control))
      let peer = Peer(route: [node.kind == .server ? 9 : UInt8(node.rank)])
      effects += role.handle(.message(message, from: peer), at: .zero)
    }
    let workers = (0..<3).map { NodeID.worker($0) }
    for node in [.server(0)] + workers {
      say(.register(endpoint: node.kind == .server ? "tcp://10.0.0.1:4" : nil), node, run: 0)
    }
    say(.ready(fingerprint: "f"), .server(0), run: 5)
    for (node, kernel) in zip(workers, kernels) {
      say(.ready(fingerprint: "f", kernel: kernel), node, run: 5)
    }
    for case .finish(let ending) in effects { return (role, ending) }
    return (role, nil)
  }

  @Test func `refuses workers whose kernels differ, and names both`() {
    let failure = prepared(["Zen", "Zen", "Haswell"]).role.record.failure
    #expect(failure?.kind == .preparation)
    #expect(
      failure?.reason
        == "worker 2 multiplies with the kernel Haswell and worker 0 with Zen, so that equal seeds "
        + "would not give equal bits; start all workers with the same OPENBLAS_CORETYPE, or set "
        + "cluster.kernels=any")
  }

  @Test func `takes one kernel, several where that is wanted, and none where all share it`() {
    #expect(prepared(["Zen", "Zen", "Zen"]).role.record.failure == nil)
    let (role, ending) = prepared(["Zen", "Haswell", "Zen"], wantsOneKernel: false)
    #expect(ending == nil && role.record.failure == nil)
    #expect(role.record.workerKernels == ["Zen", "Haswell", "Zen"])
    let shared = prepared([nil, nil, nil])
    #expect(
      shared.role.record.failure == nil && shared.role.record.workerKernels == [nil, nil, nil])
  }
}
