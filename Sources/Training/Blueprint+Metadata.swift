import Experiments
import Foundation
import Models
import Streams
import Tensors

extension Blueprint {
  /// What a reader of the weights has to know to feed the network and to understand its answers, as
  /// the metadata of a safetensors file has it: everything is text, lists are JSON.
  ///
  /// `widths` go from inputs to outputs with `activation` between layers. An image of `channels` ×
  /// `height` × `width` gets `padding` zero pixels on each side of each channel; each pixel p
  /// becomes (p/255 − `mean`) / `deviation`, channel after channel, each row by row. `tasks` has,
  /// in the stream's order, each task's name, the labels of its classes as the files have them, the
  /// output unit of the first of them (the others follow) and the range of units among which its
  /// answer is chosen. Where tasks share units, `label_units` has one for each label; where the
  /// data are words, `vocabulary` has them in the order of their numbers, from 1. Parameters that
  /// are sums have no activation: `rule` names the method that added them up and reads them.
  public var metadata: [String: String] {
    let (data, stream) = (experiment.data, stream)
    let tasks: [[String: Any]] = stream.tasks.map { task in
      var entry: [String: Any] = [
        "name": task.name, "labels": task.classes.map { stream.data.labels[$0] },
        "units": [task.evaluationActive.lowerBound, task.evaluationActive.upperBound],
      ]
      let first = task.units.first ?? 0
      if task.units == Array(first..<first + task.units.count) {
        entry["first_unit"] = first
      } else {
        entry["label_units"] = task.units
      }
      return entry
    }
    var metadata = [
      "name": experiment.name, "seed": "\(experiment.seed)",
      "method": experiment.method.name,
      "scenario": experiment.stream.scenario.rawValue, "widths": "\(model.widths)",
      "activation": "relu", "padding": "\(experiment.stream.padding)",
      "mean": "\(data.mean)", "deviation": "\(data.deviation)", "tasks": Self.json(tasks),
      "data_sha256": dataFingerprint, "experiment": experiment.resolvedYAML,
    ]
    if frame.learner != nil {
      metadata["activation"] = nil
      metadata["rule"] = experiment.method.name
    }
    if !stream.data.vocabulary.isEmpty {
      metadata["vocabulary"] = Self.json(stream.data.vocabulary)
    }
    if let shape = stream.data.train.shape {
      metadata["channels"] = "\(shape.channels)"
      metadata["height"] = "\(shape.height)"
      metadata["width"] = "\(shape.width)"
    }
    return metadata
  }

  private static func json(_ list: [Any]) -> String {
    let data = try? JSONSerialization.data(
      withJSONObject: list, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
