import Consolidation
import Methods
import Models
import Settings
import Testing

/// A method with other settings than its defaults.
private func make<Value: Method>(_ change: (inout Value) -> Void) -> Value {
  var method = Value()
  change(&method)
  return method
}

/// A method with some settings, by the names of their keys.
private func method(_ name: String, _ settings: [String: String]) throws -> any Method {
  let kind = try #require(Methods.catalog[name])
  var chosen = Chosen<any Method>(Plain())
  kind.choose(&chosen)
  for (key, word) in settings {
    try #require(kind[key]).read(&chosen, Setting(key: key, value: .word(word)))
  }
  return chosen.value
}

@Suite struct `A method` {
  @Test func `that fights no forgetting holds on to nothing`() {
    #expect(Plain().penalty == nil && Plain().schedule == .sequential)
    #expect(Joint().penalty == nil && Joint().schedule == .joint)
    #expect(Independent().penalty == nil && Independent().schedule == .independent)
  }

  /// As the papers anchor: EWC each task to its own weights, all others to the latest; L2 forgets
  /// what it held before.
  @Test func `joins finished tasks as published`() {
    #expect(EWC().penalty?.fold == FoldRule(decay: 1, anchor: .own))
    #expect(MAS().penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    #expect(SI().penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    #expect(FedCurv().penalty?.fold == FoldRule(decay: 1, anchor: .latest))
    #expect(L2().penalty?.fold == FoldRule(decay: 0, anchor: .latest))
    let online = Accumulation(mode: .online, decay: 0.5)
    let (ewc, l2): (EWC, L2) = (
      make { $0.accumulation = online }, make { $0.accumulation = online }
    )
    #expect(ewc.penalty?.fold == FoldRule(decay: 0.5, anchor: .latest))
    #expect(l2.penalty?.fold.decay == 0)
  }

  @Test(arguments: Methods.catalog.kinds.filter { $0["anchor"] != nil }.map(\.name))
  func `joins finished tasks as it is told`(name: String) throws {
    let own = try method(name, ["mode": "online", "decay": "0.5", "anchor": "own"])
    #expect(own.penalty?.fold == FoldRule(decay: 0.5, anchor: .own))
    let latest = try method(name, ["anchor": "latest"])
    #expect(latest.penalty?.fold == FoldRule(decay: 1, anchor: .latest))
  }

  @Test func `says who makes its importance, and from how many examples`() {
    let ewc: EWC = make {
      $0.strength = 2
      $0.fisher = FisherEstimate(.sampled)
      $0.examples = 7
    }
    #expect(ewc.penalty?.strength == 2 && ewc.penalty?.examples == 7 && ewc.penalty?.path == nil)
    #expect(ewc.penalty?.estimator as? FisherInformation == .sampled)
    let mas: MAS = make { $0.examples = 5 }
    #expect(mas.penalty?.estimator is OutputSensitivity && mas.penalty?.examples == 5)
    let si = SI().penalty
    #expect(si?.path is SynapticIntelligence && si?.estimator == nil && si?.examples == nil)
    #expect(si?.path?.readsSteps == true)
    #expect(L2().penalty?.path?.readsSteps == false)
  }

  @Test func `is known in results by label and title`() {
    let online: EWC = make { $0.accumulation.mode = .online }
    #expect(online.label == "online ewc" && online.title == "Online EWC")
    #expect(EWC().title == "EWC" && FedCurv().title == "FedCurv" && Plain().title == "Plain")
    let titles = Methods.all.map { $0.init().title }
    #expect(Set(titles).count == titles.count && !titles.contains(""))
    for method in Methods.all { #expect(method.init().label == method.name) }
  }

  @Test(arguments: Methods.catalog.names)
  func `reads what it writes`(name: String) throws {
    let kind = try #require(Methods.catalog[name])
    var chosen = Chosen<any Method>(Plain())
    kind.choose(&chosen)
    for key in kind.keys {
      var again = chosen
      let text = key.write(chosen)
      let isList = if case .list = key.domain { true } else { false }
      let value: SettingValue =
        isList
        ? .list(text.dropFirst().dropLast().split(separator: ", ").map { .word(String($0)) })
        : .word(text)
      try key.read(&again, Setting(key: key.name, value: value))
      #expect(again == chosen, "\(name).\(key.name)")
    }
    #expect(Set(kind.keys.map(\.name)).count == kind.keys.count)
  }

  @Test(arguments: Methods.catalog.kinds.filter { $0["lambda"] != nil }.map(\.name))
  func `has its strength from its key, which is bound to it`(name: String) throws {
    #expect(try method(name, ["lambda": "7.5"]).penalty?.strength == 7.5)
    #expect(Methods.catalog[name]?["lambda"]?.isBound == true)
  }
}
