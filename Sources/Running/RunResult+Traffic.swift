import Reports
import Roles
import Training
import Experiments

extension RunResult {
  /// What the sockets carried: by kind, by link, by task and as it added up.
  mutating func enterTraffic(_ traffic: TrafficReport, _ blueprint: Blueprint) {
    func bytes(_ kind: TrafficLine.Kind) -> Bytes { Bytes(traffic.total { $0.kind == kind }) }
    self.communication.push = bytes(.push)
    self.communication.pull = bytes(.pull)
    self.communication.importance = bytes(.importance)
    self.communication.control = bytes(.control)
    self.communication.evaluation = bytes(.evaluation)
    self.links = traffic.lines.map { line in
      Link(
        from: line.from.description, to: line.to.description, kind: line.kind.rawValue,
        task: line.stage.flatMap { blueprint.name(ofStage: $0) },
        bytes: Bytes(
          payloadBytes: line.payloadByteCount, framedBytes: line.framedByteCount,
          boundBytes: line.boundBits / 8, messages: line.messageCount))
    }
    let stages: [Int?] = blueprint.stages.indices.map { $0 } + [nil]
    let parts = stages.flatMap { stage in
      TrafficLine.Kind.allCases.map { kind in
        TaskBytes(
          task: stage.flatMap { blueprint.name(ofStage: $0) }, kind: kind.rawValue,
          bytes: Bytes(traffic.total { $0.stage == stage && $0.kind == kind }))
      }
    }
    self.communication.byTask = TaskBytes.sorted(
      parts.filter { $0.bytes.messages > 0 }, tasks: self.taskNames)
    self.communication.overTime = BytesOverTime(traffic.series)
  }
}

extension RunResult.Bytes {
  fileprivate init(_ total: TrafficTotal) {
    self.init(
      payloadBytes: total.payloadByteCount, framedBytes: total.framedByteCount,
      boundBytes: total.boundBits / 8, messages: total.messageCount)
  }
}

extension RunResult.BytesOverTime {
  /// All kinds over the same bins.
  fileprivate init(_ series: TrafficSeries) {
    func sums(_ kind: TrafficLine.Kind) -> [Int] {
      var sum = 0
      let bins = series.bins(of: kind)
      return (0..<series.binCount).map { bin in
        sum += bins.indices.contains(bin) ? bins[bin] : 0
        return sum
      }
    }
    self.init(
      roundWidth: series.width, push: sums(.push), pull: sums(.pull),
      importance: sums(.importance), control: sums(.control), evaluation: sums(.evaluation))
  }
}
