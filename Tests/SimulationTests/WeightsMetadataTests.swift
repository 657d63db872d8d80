import Experiments
import Foundation
import Roles
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

/// A reader that has the weights, what is said about them, and the raw images.
private struct Reader {
  let metadata: [String: String]
  let weights: [Float]

  private func number(_ key: String) throws -> Double {
    try #require(metadata[key].flatMap { Double($0) })
  }

  private func inputs(_ image: ArraySlice<UInt8>) throws -> [Double] {
    let (height, width) = (Int(try number("height")), Int(try number("width")))
    let padding = Int(try number("padding"))
    let (mean, deviation) = (try number("mean"), try number("deviation"))
    return (-padding..<height + padding).flatMap { row in
      (-padding..<width + padding).map { column in
        let isInside = (0..<height).contains(row) && (0..<width).contains(column)
        let pixel = isInside ? image[image.startIndex + row * width + column] : 0
        return (Double(pixel) / 255 - mean) / deviation
      }
    }
  }

  private func scores(_ inputs: [Double]) throws -> [Double] {
    let text = try #require(metadata["widths"])
    let widths = try JSONDecoder().decode([Int].self, from: Data(text.utf8))
    #expect(metadata["activation"] == "relu" && widths[0] == inputs.count)
    var (values, offset) = (inputs, 0)
    for layer in 1..<widths.count {
      let bias = offset + widths[layer] * widths[layer - 1]
      values = (0..<widths[layer]).map { unit in
        let sum = values.enumerated().reduce(Double(weights[bias + unit])) {
          $0 + $1.element * Double(weights[offset + unit * widths[layer - 1] + $1.offset])
        }
        return layer < widths.count - 1 ? max(0, sum) : sum
      }
      offset = bias + widths[layer]
    }
    #expect(offset == weights.count)
    return values
  }

  struct Task: Decodable {
    let name: String
    let labels: [Int]
    let firstUnit: Int
    let units: [Int]
  }

  func tasks() throws -> [Task] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([Task].self, from: Data(try #require(metadata["tasks"]).utf8))
  }

  func accuracy(on task: Task, of part: any Examples) throws -> Double {
    let images = try #require(part as? ImageSet)
    let size = images.inputCount
    var (right, all) = (0, 0)
    for (index, label) in images.labels.enumerated() {
      guard let place = task.labels.firstIndex(of: Int(label)) else { continue }
      let scores = try scores(inputs(images.pixels[index * size..<(index + 1) * size]))
      let answer = (task.units[0]..<task.units[1]).max { scores[$0] < scores[$1] }
      all += 1
      if answer == task.firstUnit + place { right += 1 }
    }
    return Double(right) / Double(all)
  }
}

@Suite struct `What weights say about themselves` {
  @Test(arguments: ["task", "domain", "class"])
  func `is enough to find every accuracy again`(scenario: String) throws {
    let sets = [
      "stream.scenario=\(scenario)", "stream.padding=1", "data.mean=0.25", "data.deviation=0.5",
      "stream.classes=[[2,0],[1,3]]",
    ]
    let (data, run) = (try tinyData(), try SimulatedRun(sets))
    let metadata = try Blueprint(tinyExperiment(sets), data: data).metadata
    let reader = Reader(metadata: metadata, weights: run.weights)
    let tasks = try reader.tasks()
    #expect(tasks.map(\.name) == ["2-0", "1-3"] && metadata["scenario"] == scenario)
    let last = try #require(run.record.rows.last)
    for (task, accuracy) in zip(tasks, last.accuracies) {
      let (found, known) = (try reader.accuracy(on: task, of: data.test), try #require(accuracy))
      #expect(abs(found - known) < 1e-12)
    }
    let text = try #require(metadata["experiment"])
    let experiment = try tinyExperiment(sets)
    #expect(try Experiment(yaml: text, named: "metadata") == experiment)
    #expect(metadata["seed"] == "1")
    #expect(metadata["data_sha256"] == data.fingerprint)
  }
}

@Suite struct `A data set's fingerprint` {
  private func data(_ change: (inout [UInt8], inout [Int32]) -> Void = { _, _ in }) throws -> String
  {
    let data = try tinyData()
    let images = try #require(data.train as? ImageSet)
    var (pixels, labels) = (images.pixels, images.labels)
    change(&pixels, &labels)
    let train = ImageSet(
      shape: ImageShape(height: 6, width: 6), pixels: pixels, labels: labels)
    return try DataSet(name: "other", train: train, test: data.test).fingerprint
  }

  @Test func `is that of its content, whatever it is called`() throws {
    let own = try tinyData().fingerprint
    #expect(own.count == 64)
    let changed = [
      try data(), try data { pixels, _ in pixels[7] ^= 1 },
      try data { _, labels in labels.swapAt(0, 1) },
    ]
    #expect(changed.map { $0 == own } == [true, false, false])
    let flat = try tinyData()
    func reshaped(_ part: any Examples) throws -> ImageSet {
      let images = try #require(part as? ImageSet)
      return ImageSet(
        shape: ImageShape(height: 4, width: 9), pixels: images.pixels, labels: images.labels)
    }
    let wide = try DataSet(name: "tiny", train: reshaped(flat.train), test: reshaped(flat.test))
    #expect(wide.fingerprint != own)
  }

  @Test func `of bytes is what it was before there was anything else`() throws {
    // SHA-256 of: labels 0 and 1; height 1, width 2, classes and pixels of training; those of test.
    func images(_ pixels: [UInt8], _ labels: [Int32]) -> ImageSet {
      ImageSet(shape: ImageShape(height: 1, width: 2), pixels: pixels, labels: labels)
    }
    let data = try DataSet(
      name: "two", train: images([1, 2, 3, 4], [0, 1]), test: images([5, 6], [1]))
    #expect(
      data.fingerprint == "96c4b78fdedce063db7b7b79f3147b403a133889769cb5fabeacce73397a2d4d")
  }
}
