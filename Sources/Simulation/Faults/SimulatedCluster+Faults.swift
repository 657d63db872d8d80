public import Roles
import Wire

/// A run with faults: what happens to the processes of the nodes, and what their launcher does.
extension SimulatedCluster {
  /// A cluster to which a plan of faults happens.
  ///
  /// - Parameters:
  ///   - plan: What happens to it.
  ///   - crew: Makes roles and performers.
  ///   - store: Where parts of cuts are kept; `nil`: nowhere.
  ///   - observe: Told of every event with its virtual moment.
  /// - Throws: What the crew objects to.
  public init(
    suffering plan: FaultPlan, crew: FaultCrew<Worker>, serverCount: Int, workerCount: Int,
    costs: CostModel, seed: UInt64, store: MemoryCuts?,
    observe: @escaping (Event, Instant) -> Void
  ) throws {
    let injection = FaultInjection(
      plan, crew, store: store, nodeCount: 1 + serverCount + workerCount)
    let (coordinator, _) = try crew.makeCoordinator(
      FaultCrew.Conduct(
        run: injection.launcher.run, recovers: injection.launcher.restartsLeft > 0, number: 0))
    self.init(
      coordinator: coordinator, serverCount: serverCount, workerCount: workerCount,
      timeouts: crew.timeouts, costs: costs, seed: seed, makePerformer: crew.makePerformer,
      store: store, observe: observe)
    self.injection = injection
    for index in nodes.indices.dropFirst() {
      nodes[index].role = role(of: ids[index], incarnation: 0)
    }
  }

  /// Of a process that the launcher has started.
  private func role(of id: NodeID, incarnation: UInt32) -> any Role {
    let timeouts = injection?.crew.timeouts ?? Timeouts()
    return id.kind == .worker
      ? WorkerRole(
        rank: id.rank, incarnation: incarnation, timeouts: timeouts, endsWithCoordinator: true)
      : ServerRole(
        rank: id.rank, endpoint: .ipc(path: "sim:\(id.rank)"), incarnation: incarnation,
        timeouts: timeouts, endsWithCoordinator: true)
  }

  /// Runs through all faults until the run is over, however often it is taken up again.
  ///
  /// - Parameter limit: Virtual seconds within which it has to end.
  public mutating func suffer(limit: Double) -> FaultOutcome {
    guard let injection else { preconditionFailure("the cluster was given a plan") }
    for node in nodes.indices { queue.add(.input(.start), of: node, at: now) }
    for fault in injection.plan.faults {
      switch fault {
      case .kill(_, let moment, _), .pause(_, let moment, _):
        queue.add(.news(.due(fault)), of: 0, at: .after(moment))
      default: break
      }
    }
    while injection.ending == nil {
      guard let (moment, place, happening) = queue.next() else {
        injection.checks.object("the run came to a standstill")
        break
      }
      guard moment.seconds < limit else {
        injection.checks.object("the run did not end within \(Int(limit)) virtual seconds")
        break
      }
      now = max(now, moment)
      eventCount += 1
      if case .news(let news) = happening { take(news) } else { pass(happening, to: place) }
    }
    return FaultOutcome(
      injection, ids, record: coordinator.record, seconds: now.seconds, eventCount: eventCount)
  }

  // MARK: Lives

  /// Hands something to a node, unless that is dead or stands still.
  mutating func pass(_ happening: Happening, to place: Int) {
    guard let injection else { return }
    let index = index(of: ids[place])
    guard nodes[place].ending == nil else { return passOn(happening, from: place) }
    guard injection.launcher.processes[index].pausedUntil != nil else {
      happen(happening, to: place)
      return endLife(ifOver: place)
    }
    // Bytes come all the same.
    if case .reached = happening { return happen(happening, to: place) }
    injection.launcher.processes[index].held.append(happening)
  }

  /// A listening socket outlives a role that its process plays anew; all else is lost with it.
  private mutating func passOn(_ happening: Happening, from place: Int) {
    let index = index(of: ids[place])
    guard let launcher = injection?.launcher, launcher.isOfProcess(index, place) else { return }
    let current = launcher.processes[index].place
    switch happening {
    case .reached(_, _, let sender), .frames(_, _, let sender):
      guard current != place, isListening(current, to: sender.id) else { return }
      queue.add(happening, of: current, at: now)
    default: return
    }
  }

  private mutating func endLife(ifOver place: Int) {
    guard let injection, let ending = nodes[place].ending else { return }
    let index = index(of: ids[place])
    let process = injection.launcher.processes[index]
    guard process.place == place, process.isUp else { return }
    if index == 0 {
      if process.isCrashed { stopAll() } else { conclude(ending) }
    } else if ending == .completedWithAnother {
      begin(index, incarnation: process.incarnation + 1)
    } else {
      let moment = now.later(by: 1_000)
      injection.launcher.end(index, seenAt: moment)
      let number = injection.launcher.processes[index].number
      queue.add(.news(.vanished(index: index, number: number)), of: 0, at: moment)
    }
  }

  /// A life of a node begins.
  private mutating func begin(_ index: Int, incarnation: UInt32) {
    guard let injection else { return }
    enter(role(of: ids[index], incarnation: incarnation), index, incarnation: incarnation)
    // Whoever waited for a connection has one.
    for happening in injection.launcher.processes[index].waiting {
      guard case .reached(_, _, let sender) = happening, nodes[sender.place].ending == nil else {
        continue
      }
      queue.add(happening, of: nodes.count - 1, at: now.later(by: 1_000))
    }
    injection.launcher.processes[index].waiting = []
  }

  private mutating func enter(_ role: any Role, _ index: Int, incarnation: UInt32) {
    guard let injection else { return }
    ids.append(ids[index])
    nodes.append(SimulatedNode(role: role, performer: injection.crew.makePerformer(ids[index])))
    injection.launcher.live(index, at: nodes.count - 1, incarnation: incarnation)
    queue.add(.input(.start), of: nodes.count - 1, at: now)
  }

  // MARK: The launcher

  /// A conduct of the run has ended.
  private mutating func conclude(_ ending: Ending) {
    guard let injection else { return }
    finishWritingOfLauncher()
    guard let loss = coordinator.loss else {
      injection.ending = ending
      return
    }
    injection.recoveries.append(loss.reason)
    injection.launcher.beginConduct()
    let lost = index(of: loss.node)
    let ended = injection.launcher.ended(at: now).filter { $0 != lost }
    for index in [lost] + ended {
      kill(index)
      let process = injection.launcher.processes[index]
      queue.add(
        .news(
          .restarted(
            index: index, number: process.number, incarnation: injection.launcher.conduct)),
        of: 0, at: now.later(by: process.back))
    }
    beginConduct()
  }

  private mutating func beginConduct() {
    guard let injection else { return }
    let launcher = injection.launcher
    do {
      let (coordinator, earlier) = try injection.crew.makeCoordinator(
        FaultCrew.Conduct(
          run: launcher.run, recovers: launcher.restartsLeft > 0, number: launcher.conduct))
      enter(coordinator, 0, incarnation: 0)
      nodes[nodes.count - 1].traffic = earlier.traffic
    } catch {
      injection.checks.object("the run cannot be taken up: \(error)")
      injection.ending = .failed(.preparation, reason: "\(error)")
    }
  }

  private mutating func kill(_ index: Int) {
    guard let injection else { return }
    let place = injection.launcher.processes[index].place
    if nodes[place].ending == nil {
      nodes[place].ending = .failed(.lostNode, reason: "killed")
    }
    injection.launcher.end(index, seenAt: .end)
  }

  /// The launcher is no more, and with it all that it has started.
  private mutating func stopAll() {
    guard let injection else { return }
    for index in injection.launcher.processes.indices {
      kill(index)
      injection.launcher.processes[index].waiting = []
    }
    injection.recoveries.append("the launcher was killed")
    let launcher = injection.launcher.processes[0]
    queue.add(
      .news(.resumed(number: launcher.number)), of: 0, at: now.later(by: launcher.back))
  }

  // MARK: News

  private mutating func take(_ news: FaultNews) {
    guard let injection else { return }
    let processes = injection.launcher.processes
    switch news {
    case .due(let fault): happen(fault)
    case .written(let serial): finish(writing: serial)
    case .vanished(let index, let number):
      guard processes[index].number == number, processes[0].isUp else { return }
      let reason = processes[index].isCrashed ? "killed" : "it failed"
      pass(.input(.vanished(ids[index], reason: reason)), to: processes[0].place)
    case .restarted(let index, let number, let incarnation):
      guard processes[index].number == number, !processes[index].isUp else { return }
      begin(index, incarnation: incarnation)
    case .resumed(let number):
      guard processes[0].number == number else { return }
      injection.launcher.beginAnew()
      beginConduct()
      for index in processes.indices.dropFirst() { begin(index, incarnation: 0) }
    case .awoken(let index, let number):
      guard processes[index].number == number, let until = processes[index].pausedUntil,
        until <= now
      else { return }
      for happening in Self.inOrderOfPoll(injection.launcher.wake(index, at: now)) {
        pass(happening, to: processes[index].place)
      }
    }
  }

  /// What has come is heard before anybody is found to be silent.
  private static func inOrderOfPoll(_ held: [Happening]) -> [Happening] {
    func isDeadline(_ happening: Happening) -> Bool {
      if case .deadline = happening { true } else { false }
    }
    return held.filter { !isDeadline($0) } + held.filter(isDeadline)
  }

  private mutating func happen(_ fault: Fault) {
    guard let injection else { return }
    switch fault {
    case .kill(let node, _, let back):
      let index = index(of: node)
      guard injection.launcher.processes[index].isUp else { return }
      injection.injected.append(fault)
      crash(index, back: back)
      endLife(ifOver: injection.launcher.processes[index].place)
    case .pause(let node, _, let time):
      let index = index(of: node)
      let process = injection.launcher.processes[index]
      guard process.isUp else { return }
      injection.injected.append(fault)
      let until = now.later(by: time)
      injection.launcher.pause(index, from: now, until: until)
      queue.add(.news(.awoken(index: index, number: process.number)), of: 0, at: until)
    default: return
    }
  }

  private mutating func crash(_ index: Int, back: Int) {
    guard let injection else { return }
    injection.launcher.processes[index].isCrashed = true
    injection.launcher.processes[index].back = back
    nodes[injection.launcher.processes[index].place].ending =
      .failed(.lostNode, reason: "killed")
  }

  // MARK: Inputs and messages

  /// Lets a role take an input, and perhaps not live to see all that comes of it.
  mutating func handle(_ input: Input, at node: Int, withFaults: Void) -> [Effect] {
    guard let injection, nodes[node].ending == nil else { return [] }
    var effects = nodes[node].role.handle(input, at: moment(at: node))
    let index = index(of: ids[node])
    injection.launcher.processes[index].inputCount += 1
    let count = injection.launcher.processes[index].inputCount
    if let (fault, done, back) = injection.crash(of: ids[node], atInput: count) {
      injection.injected.append(fault)
      effects = Array(effects.prefix(done))
      crash(index, back: back)
    }
    injection.checks.see(
      Sight(place: node, node: ids[node], moment: now, input: input, effects: effects))
    return effects
  }

  /// Names a line: between two lives, or to a listening socket, which outlives them.
  func linkKey(from node: Int, to target: Int) -> Int { node << 20 | index(of: ids[target]) }

  /// Lets a message come as the plan says.
  mutating func carry(_ arrival: Happening, from node: Int, to target: Int, _ key: Int) {
    guard let injection, case .reached(_, let kind, _) = arrival, let link = links[key] else {
      return
    }
    let index = index(of: ids[target])
    let fate = injection.weather.arrival(
      Fault.Link(from: ids[node], to: ids[target]), kind, sent: nodes[node].outFreeAt,
      due: link.reachedAt)
    injection.injected += fate.faults
    links[key]?.reachedAt = fate.holdsUp
    guard injection.launcher.processes[index].isUp || !isListening(target, to: ids[node]) else {
      injection.launcher.processes[index].waiting.append(arrival)
      return
    }
    for moment in fate.moments { queue.add(arrival, of: target, at: moment) }
  }
}
