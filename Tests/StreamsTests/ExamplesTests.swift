import Tensors
import Testing

@testable import Streams

/// Examples that are no images: example i of class i mod 2 has the numbers i, i + ½ and i + ¾.
private struct Vectors: Examples {
  var labels: [Int32]
  let inputCount = 3
  let shape: ImageShape? = nil
  let byteCount = 0

  init(count: Int) { labels = (0..<count).map { Int32($0 % 2) } }

  func write(_ index: Int, through map: InputMap, to row: UnsafeMutablePointer<Float>) {
    map.write([0, 0.5, 0.75].map { Float(index) + $0 }, to: row)
  }

  func digest(_ update: (UnsafeRawBufferPointer) -> Void) { digestHead(update) }
}

@Suite struct `Examples of any sort` {
  private func data() throws -> DataSet {
    try DataSet(name: "v", train: Vectors(count: 6), test: Vectors(count: 4))
  }

  private func row(_ index: Int, _ part: any Examples, _ map: InputMap) -> [Float] {
    [Float](unsafeUninitializedCapacity: map.inputCount) { buffer, count in
      if let base = buffer.baseAddress { part.write(index, through: map, to: base) }
      count = map.inputCount
    }
  }

  @Test func `need not be images`() throws {
    var wanted = specification(tasks: 2, .domain)
    wanted.normalization = .init(mean: 0.5, deviation: 0.25)
    let stream = try TaskStream(wanted, data: data(), seed: 1)
    #expect(stream.inputCount == 3 && stream.tasks[1].trainIndices == [1, 3, 5])
    #expect(inputs(stream, Example(task: 1, index: 3)) == [10, 12, 13])
    let permuted = try TaskStream(
      specification(.permuted, tasks: 2, .domain), data: data(), seed: 1)
    #expect(inputs(permuted, Example(task: 1, index: 2)).sorted() == [2, 2.5, 2.75])
  }

  @Test func `that are no images cannot be turned or padded`() throws {
    var padded = specification(tasks: 2, .domain)
    padded.padding = 1
    let turned = specification(.rotated(.explicit([0, 9]), .nearest), tasks: 2, .domain)
    for (wanted, reason) in [
      (padded, "stream.padding is for; use 0"), (turned, "stream.kind needs; use another one"),
    ] {
      #expect(throws: DataError("data set v has no images, which " + reason)) {
        try TaskStream(wanted, data: try data(), seed: 1)
      }
    }
    #expect(
      throws: DataError(
        "data set d has training examples of 3 numbers but test images of 1×3; take both from the "
          + "same data set")
    ) {
      try DataSet(
        name: "d", train: Vectors(count: 2),
        test: toyImages(count: 2, classCount: 2, part: 0, height: 1, width: 3))
    }
  }

  @Test func `in floats are shown as those in bytes are`() {
    let shape = ImageShape(channels: 3, height: 4, width: 5)
    let pixels = (0..<120).map { UInt8($0 * 2) }
    let bytes = ImageSet(shape: shape, pixels: pixels, labels: [0, 1])
    let floats = FloatImageSet(
      shape: shape, values: pixels.map { Float(Double($0) / 255) }, labels: [0, 1])
    let frame = InputMap.Frame(
      channels: 3, height: 4, width: 5, padding: 1, .init(mean: 0.3, deviation: 0.2))
    var random = RandomStream(seed: 3, purpose: .test)
    let maps = [
      InputMap.identity(frame), .permuted(random.permutation(of: frame.inputCount), frame),
      .rotated(byDegrees: 33, .nearest, frame), .rotated(byDegrees: 33, .bilinear, frame),
    ]
    for map in maps {
      let pairs = zip(row(1, bytes, map), row(1, floats, map))
      #expect(pairs.allSatisfy { abs($0 - $1) < 1e-6 })
    }
    #expect(bytes.byteCount == 128 && floats.byteCount == 488)
    #expect(bytes.kindWords == "images of 4×5 in 3 channels")
  }

  @Test func `with more labels than a byte holds have a fingerprint of their own`() {
    func digest(_ labels: [Int32], channels: Int = 1) -> [UInt8] {
      var bytes: [UInt8] = []
      ImageSet(
        shape: ImageShape(channels: channels, height: 1, width: 1),
        pixels: [UInt8](repeating: 7, count: labels.count * channels), labels: labels
      ).digest { bytes += $0 }
      return bytes
    }
    let sizes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    #expect(digest([3, 255]) == sizes + [3, 255, 7, 7])
    #expect(digest([3, 256]) == sizes + [3, 0, 0, 0, 0, 1, 0, 0, 7, 7])
    #expect(digest([3], channels: 3) == sizes + [3, 0, 0, 0, 0, 0, 0, 0, 3, 7, 7, 7])
  }
}

@Suite struct `Images in colours` {
  private let frame = InputMap.Frame(channels: 3, height: 2, width: 2)
  /// Red 1 to 4, green 11 to 14, blue 21 to 24.
  private let pixels: [UInt8] = [1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24]

  private func levels(_ pixels: [UInt8]) -> [Float] { pixels.map { Float(Double($0) / 255) } }

  @Test func `are channel after channel, each with its padding`() {
    #expect(inputs(.identity(frame), pixels) == levels(pixels))
    let padded = inputs(.identity(.init(channels: 3, height: 2, width: 2, padding: 1)), pixels)
    let wanted: [UInt8] = (0..<3).flatMap { channel -> [UInt8] in
      let first = UInt8(10 * channel)
      return [
        0, 0, 0, 0, 0, first + 1, first + 2, 0, 0, first + 3, first + 4, 0, 0, 0, 0, 0,
      ]
    }
    #expect(padded == levels(wanted))
  }

  @Test(arguments: RotatedStream.Interpolation.allCases)
  func `turn channel by channel`(interpolation: RotatedStream.Interpolation) {
    let quarter = inputs(.rotated(byDegrees: 90, interpolation, frame), pixels)
    #expect(quarter == levels([2, 4, 1, 3, 12, 14, 11, 13, 22, 24, 21, 23]))
  }

  @Test func `are permuted number by number`() {
    let order = [11, 0, 5, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    #expect(inputs(.permuted(order, frame), pixels).prefix(3) == levels([24, 1, 12])[...])
  }
}
