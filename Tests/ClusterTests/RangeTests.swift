import Foundation
import Reports
import Roles
import Settings
import Simulation
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import hebb
@testable import Training
import Running

/// Values of every key at the ends of what it takes, from the list of keys itself: nothing that
/// somebody writes ends a process by a signal.
@Suite struct `The range of every key` {
  @Test func `is what its reader takes`() throws {
    var count = 0
    for key in ExperimentFile.keys {
      for probe in Probe.all(of: key.key.domain) {
        count += 1
        var experiment = Experiment()
        key.owner?.kind.choose(&experiment)
        var again = experiment
        var sentence: String?
        do {
          for setting in try Experiment.settings("\(key.path)=\(probe.text)") {
            try experiment.apply(setting)
          }
        } catch { sentence = "\(error)" }
        #expect(
          (sentence == nil) == probe.isInside, "\(key.path)=\(probe.text): \(sentence ?? "taken")")
        if let sentence { #expect(sentence.contains(key.path)) }
        // What was taken is what is written.
        for setting in try Experiment.settings("\(key.path)=\(key.key.write(experiment))") {
          try again.apply(setting)
        }
        #expect(again == experiment, "\(key.path)=\(probe.text)")
      }
    }
    #expect(count > 1_000)
  }

  /// Each number is a process of 250 trials. All singles come in turn, then pairs.
  @Test(arguments: Trial.isSlow ? Array(0..<40) : [0])
  func `holds in a run`(part: Int) async throws {
    let scratch = Scratch()
    let (now, isSlow) = (scratch.file("now"), Trial.isSlow)
    await #expect(processExitsWith: .success) {
      [part, now = now as String, isSlow = isSlow as Bool] in
      try Trial.run(part: part, isSlow: isSlow, now: now)
    }
    // A process that came to its end has left nothing.
    let last = (try? String(contentsOfFile: now, encoding: .utf8)) ?? ""
    #expect(last.isEmpty, "ended at \(last)")
  }
}

/// An experiment with one key or two at the ends of what they take, run for a moment.
struct Trial {
  /// `./scripts/test --slow`
  static var isSlow: Bool { ProcessInfo.processInfo.environment["HEBB_SLOW"] == "1" }
  private static let countPerPart = 250

  private let sets: [String]

  /// - Parameter now: A file that says what is tried as long as it is.
  static func run(part: Int, isSlow: Bool, now: String) throws {
    let keys = ExperimentFile.keys
    let singles = keys.indices.flatMap { key in
      Probe.all(of: keys[key].key.domain).filter(\.isInside).map { (key, $0.text) }
    }
    let data = try tinyData()
    var runCount = 0
    for number in 0..<countPerPart {
      let index = part * countPerPart + number
      var random = RandomStream(seed: 11, purpose: .test, node: part, step: number)
      // The everyday suite has some of the singles.
      let place = isSlow ? index : random.index(below: singles.count)
      var chosen: [(Int, String)] = []
      if place < singles.count { chosen.append(singles[place]) }
      while chosen.count < (place < singles.count && isSlow ? 1 : 2) {
        chosen.append(singles[random.index(below: singles.count)])
      }
      // Two keys of different kinds are refused, as they should be.
      let trial = Trial(
        sets: context(&random)
          + chosen.flatMap { index, text in
            (keys[index].owner.map { ["\($0.choice.path)=\($0.kind.name)"] } ?? [])
              + ["\(keys[index].path)=\(text)"]
          })
      try trial.sets.joined(separator: "\n").write(toFile: now, atomically: false, encoding: .utf8)
      if try trial.run(data) { runCount += 1 }
    }
    // Not all is refused.
    #expect(runCount > countPerPart / 4, "\(runCount) ran")
    try FileManager.default.removeItem(atPath: now)
  }

  /// A small run, in which some words are other ones, so that other keys count.
  private static func context(_ random: inout RandomStream) -> [String] {
    var sets = [
      "stream.tasks=2", "stream.iterations=3", "model.hidden=[3]", "batch=12",
      "cluster.workers=2", "cluster.servers=1",
    ]
    for key in ExperimentFile.keys where key.owner == nil {
      guard case .words(let words) = key.key.domain, random.index(below: 6) == 0 else { continue }
      let word = words[random.index(below: words.count)]
      sets.append("\(key.path)=\(word)")
      if word == "rotated", key.path == "stream.kind" { sets.append("stream.angles=[0, 90]") }
    }
    // Costs in turn with those that are looked up and not given here.
    return sets + givenCosts.filter { $0 != "--set" }
  }

  /// Refused with a sentence, or run to its end or to the limit.
  ///
  /// - Returns: Whether it was run.
  private func run(_ data: DataSet) throws -> Bool {
    do {
      let experiment = try Experiment(yaml: "", named: "trial", sets: sets)
      guard experiment.calibratedKeys.isEmpty else { return false }
      try experiment.memoryEstimate(of: .simulation, data: data)
        .check("the trial", in: MachineMemory(total: 400e6, available: 400e6))
      let blueprint = try Blueprint(experiment, data: data)
      let bench = NodeBuffers(blueprint)
      var left = 3_000
      var cluster = SimulatedCluster(
        coordinator: CoordinatorRole(blueprint.runPlan(run: 1)),
        serverCount: experiment.cluster.servers, workerCount: experiment.cluster.workers,
        timeouts: experiment.cluster.timeouts, costs: experiment.costs, seed: experiment.seed,
        makePerformer: { _ in Impatient(performer: NodePerformer(sharing: blueprint, bench)) },
        observe: { _, _ in })
      let (_, seconds) = cluster.run {
        left -= 1
        return left > 0 ? nil : "enough"
      }
      let result = RunResult(
        cluster.coordinator.record, of: blueprint, mode: "simulation", seconds: 1,
        virtualSeconds: seconds, command: "hebb")
      _ = try ResultJSON.encode(result)
      // A page of a thousand tasks is slow, not wrong.
      if experiment.stream.tasks < 50 { _ = ReportPage([result]).html }
      return true
    } catch let error as ConfigurationError {
      #expect(!error.description.isEmpty)
    } catch let error as DataError {
      #expect(!error.description.isEmpty)
    }
    return false
  }

  /// Four classes of 6×6 images.
  private static func tinyData() throws -> DataSet {
    func images(_ count: Int) -> ImageSet {
      var random = RandomStream(seed: 7, purpose: .test, node: count)
      return ImageSet(
        shape: ImageShape(height: 6, width: 6),
        pixels: (0..<36 * count).map { _ in UInt8(random.index(below: 256)) },
        labels: (0..<count).map { Int32($0 % 4) })
    }
    return try DataSet(name: "tiny", train: images(100), test: images(40))
  }
}

/// Does not take more steps at once than anybody would wait for.
private struct Impatient: Performer {
  var performer: NodePerformer

  var slowdown: Double { performer.slowdown }

  mutating func perform(_ order: Order) -> OrderResult {
    if case .localSteps(_, let steps, _, _) = order, steps.count > 50 {
      return .failed(reason: "too many steps to wait for")
    }
    return performer.perform(order)
  }
}
