import Experiments
import Foundation
import Methods
import Models
import Streams
import Tensors

extension Blueprint {
  /// The finished runs whose answers are learned, and what tells them from others; `nil` where none
  /// are.
  ///
  /// - Throws: ``ConfigurationError`` when one cannot be read or does not fit.
  static func tutors(
    of experiment: Experiment, for stream: TaskStream
  ) throws -> (tutors: Tutors, fingerprint: String)? {
    guard let teaching = experiment.method.value.teaching else { return nil }
    let runs = try teaching.runs.map { folder throws(ConfigurationError) in
      try FinishedRun(folder: folder)
    }
    let tutors = try runs.map { try tutor($0, of: experiment, for: stream) }
    return (
      Tutors(
        tutors, temperature: Float(teaching.temperature), share: Float(teaching.share)),
      runs.map(\.sha256).joined(separator: " ")
    )
  }

  /// A run's network, if it takes the same inputs and answers with the same units.
  private static func tutor(
    _ run: FinishedRun, of experiment: Experiment, for stream: TaskStream
  ) throws -> Tutors.Tutor {
    func demand(_ holds: Bool, _ sentence: String) throws(ConfigurationError) {
      if !holds {
        throw ConfigurationError("method.teachers names \(run.folder), \(sentence)")
      }
    }
    let (its, own) = (run.experiment, experiment)
    try demand(
      its.data.mean == own.data.mean && its.data.deviation == own.data.deviation,
      "which took pixels with data.mean=\(its.data.mean) and data.deviation=\(its.data.deviation); "
        + "use the same here")
    let network = try its.model.network(for: stream.shape)
    let tensors = network.layout.tensors
    let fits =
      run.tensors.count >= tensors.count
      && zip(run.tensors, tensors).allSatisfy { $0.name == $1.name && $0.shape == $1.shape }
    try demand(
      fits,
      "whose network takes other inputs or has other outputs than the \(stream.inputCount) and "
        + "\(stream.outputCount) of this experiment; use the same data.set, stream.padding and "
        + "stream.scenario")
    try demand(
      units(in: run.metadata) == units(in: stream),
      "whose output units stand for other labels than those of this experiment; use the same "
        + "stream.scenario, classes and order")
    return Tutors.Tutor(
      network, weights: Vector(copying: run.weights[0..<network.layout.count]))
  }

  /// Every label with the output units that stand for it.
  private static func units(in stream: TaskStream) -> Set<[Int]> {
    Set(
      stream.tasks.flatMap { task in
        zip(task.classes, task.units).map { [stream.data.labels[$0], $1] }
      })
  }

  /// Every label with the output units that stand for it, as ``metadata`` has them; empty where it
  /// says nothing of them.
  private static func units(in metadata: [String: String]) -> Set<[Int]> {
    let text = Data((metadata["tasks"] ?? "").utf8)
    let tasks = try? JSONSerialization.jsonObject(with: text) as? [[String: Any]]
    return Set(
      (tasks ?? []).flatMap { task -> [[Int]] in
        guard let labels = task["labels"] as? [Int] else { return [] }
        let units =
          task["label_units"] as? [Int]
          ?? (task["first_unit"] as? Int).map { Array($0..<$0 + labels.count) }
        return zip(labels, units ?? []).map { [$0, $1] }
      })
  }
}
