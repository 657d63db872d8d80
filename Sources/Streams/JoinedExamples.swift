import Tensors

/// Examples of several data sets, one set after another.
struct JoinedExamples: Examples {
  private let parts: [any Examples]
  /// Of the first example of each part.
  private let starts: [Int]
  var labels: [Int32]
  let inputCount: Int
  let shape: ImageShape?

  /// - Parameters:
  ///   - parts: At least one; all of one shape.
  ///   - labels: Of all their examples.
  init(_ parts: [any Examples], labels: [Int32]) {
    precondition(!parts.isEmpty && labels.count == parts.reduce(0) { $0 + $1.count })
    self.parts = parts
    starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }.dropLast()
    self.labels = labels
    inputCount = parts[0].inputCount
    shape = parts[0].shape
  }

  var byteCount: Int { parts.reduce(labels.count * 4) { $0 + $1.byteCount } }

  func write(_ index: Int, through map: InputMap, to row: UnsafeMutablePointer<Float>) {
    precondition(labels.indices.contains(index), "the example is in the data set")
    // Few parts: no search is faster.
    let part = starts.lastIndex { $0 <= index } ?? 0
    parts[part].write(index - starts[part], through: map, to: row)
  }

  func digest(_ update: (UnsafeRawBufferPointer) -> Void) {
    for part in parts { part.digest(update) }
  }
}
