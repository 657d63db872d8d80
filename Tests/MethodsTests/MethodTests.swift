import Consolidation
import Methods
import Models
import Testing

@Suite struct `A method` {
  @Test func `that fights no forgetting holds on to nothing`() {
    #expect(Plain().penalty == nil && Plain().schedule == .sequential)
    #expect(Joint().penalty == nil && Joint().schedule == .joint)
    #expect(Independent().penalty == nil && Independent().schedule == .independent)
  }

  /// As the papers anchor: EWC each task to its own weights, all others to the latest; L2 forgets
  /// what it held before.
  @Test func `joins finished tasks as published`() {
    #expect(EWC(strength: 1).penalty?.fold == FoldRule(decay: 1, anchor: .own))
    #expect(MAS(strength: 1).penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    #expect(SI(strength: 1).penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    #expect(FedCurv(strength: 1).penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    #expect(L2(strength: 1).penalty?.fold == FoldRule(decay: 0, anchor: .latest))
    let online = Accumulation(mode: .online, decay: 0.5)
    #expect(
      EWC(strength: 1, accumulation: online).penalty?.fold
        == FoldRule(decay: 0.5, anchor: .latest))
    #expect(L2(strength: 1, accumulation: online).penalty?.fold.decay == 0)
  }

  @Test func `joins finished tasks as it is told`() {
    let own = Accumulation(mode: .online, decay: 0.5, anchor: .own)
    let latest = Accumulation(anchor: .latest)
    let methods: [(Accumulation) -> any Methods.Method] = [
      { L2(strength: 1, accumulation: $0) }, { EWC(strength: 1, accumulation: $0) },
      { MAS(strength: 1, accumulation: $0) }, { SI(strength: 1, accumulation: $0) },
      { FedCurv(strength: 1, accumulation: $0) },
    ]
    for method in methods {
      #expect(method(own).penalty?.fold == FoldRule(decay: 0.5, anchor: .own))
      #expect(method(latest).penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    }
  }

  @Test func `says who makes its importance, and from how many examples`() {
    let ewc = EWC(strength: 2, fisher: .sampled, examples: 7).penalty
    #expect(ewc?.strength == 2 && ewc?.examples == 7 && ewc?.path == nil)
    #expect(ewc?.estimator as? FisherInformation == .sampled)
    let mas = MAS(strength: 2, examples: 5).penalty
    #expect(mas?.estimator is OutputSensitivity && mas?.examples == 5)
    let si = SI(strength: 2).penalty
    #expect(si?.path is SynapticIntelligence && si?.estimator == nil && si?.examples == nil)
    #expect(si?.path?.readsSteps == true)
    #expect(L2(strength: 2).penalty?.path?.readsSteps == false)
  }
}
