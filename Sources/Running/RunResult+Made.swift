import Foundation
import Reports
import Roles
import Streams
import Tensors
import Training

extension RunResult {
  /// What a generator makes at the final weights.
  mutating func enterMade(_ record: RunRecord, _ blueprint: Blueprint) {
    // A page has to stay small: fifty small images, fewer large ones.
    let columns = 10
    let rows = max(1, min(5, 64_000 / (columns * max(1, blueprint.stream.example.area))))
    guard let weights = record.weights,
      let (shape, values) = blueprint.madeExamples(columns * rows, at: weights)
    else { return }
    var pixels = Data(capacity: columns * rows * shape.area)
    for image in 0..<columns * rows {
      for pixel in 0..<shape.area {
        // Of colours the mean.
        let sum = (0..<shape.channels).reduce(Float(0)) {
          $0 + values[image * shape.count + $1 * shape.area + pixel]
        }
        // Written so that what is not a number is background.
        let level = max(0, min(255, 255 * sum / Float(shape.channels)))
        pixels.append(level.isNaN ? 0 : UInt8(level.rounded()))
      }
    }
    self.made = MadeImages(
      width: shape.width, height: shape.height, columns: columns, pixels: pixels)
  }
}
