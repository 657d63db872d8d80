import Tensors

@testable import Streams

/// Images whose pixels tell which image they are: pixel p of image i is (part + 7·i + p) mod 256,
/// and image i is of class i mod `classCount`.
func toyImages(
  count: Int, classCount: Int, part: Int, height: Int = 2, width: Int = 3
) -> ImageSet {
  let pixels = (0..<count).flatMap { image in
    (0..<height * width).map { UInt8((part + 7 * image + $0) % 256) }
  }
  return ImageSet(
    shape: ImageShape(height: height, width: width), pixels: pixels,
    labels: (0..<count).map { Int32($0 % classCount) })
}

extension Examples {
  /// Of images in bytes.
  var pixels: [UInt8] { (self as? ImageSet)?.pixels ?? [] }
}

func toySet(
  classCount: Int = 6, perClass: Int = 5, testPerClass: Int = 2, height: Int = 2, width: Int = 3
) throws(DataError) -> DataSet {
  try DataSet(
    name: "toy",
    train: toyImages(
      count: classCount * perClass, classCount: classCount, part: 0, height: height, width: width),
    test: toyImages(
      count: classCount * testPerClass, classCount: classCount, part: 100, height: height,
      width: width))
}

extension StreamKind where Self == SplitStream {
  static func split(_ grouping: SplitStream.Grouping) -> SplitStream { SplitStream(grouping) }
}

extension StreamKind where Self == PermutedStream {
  static var permuted: PermutedStream { PermutedStream() }
}

/// Angles of a rotated stream.
enum ToyAngles {
  case explicit([Double])
  case randomBins(span: Double)
}

extension StreamKind where Self == RotatedStream {
  static func rotated(
    _ angles: ToyAngles, _ interpolation: RotatedStream.Interpolation
  ) -> RotatedStream {
    var stream = RotatedStream()
    stream.interpolation = interpolation
    switch angles {
    case .explicit(let list): stream.angles = list
    case .randomBins(let span): stream.randomBins = span
    }
    return stream
  }
}

func specification(
  _ kind: any StreamKind = .split(.fixed), tasks: Int = 3, _ scenario: Scenario = .task,
  loss: StreamSpecification.LossClasses = .all
) -> StreamSpecification {
  var specification = StreamSpecification(kind: kind, taskCount: tasks, scenario: scenario)
  specification.lossClasses = loss
  return specification
}

/// What a network sees of a training example.
func inputs(_ stream: TaskStream, _ example: Example) -> [Float] {
  [Float](unsafeUninitializedCapacity: stream.inputCount) { buffer, count in
    if let base = buffer.baseAddress { stream.write(example, to: base) }
    count = stream.inputCount
  }
}

/// What a pixel map makes of an image.
func inputs(_ map: InputMap, _ pixels: [UInt8]) -> [Float] {
  [Float](unsafeUninitializedCapacity: map.inputCount) { buffer, count in
    if let base = buffer.baseAddress { map.write(pixels, to: base) }
    count = map.inputCount
  }
}
