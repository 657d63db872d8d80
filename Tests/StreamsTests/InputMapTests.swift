import Tensors
import Testing

@testable import Streams

extension InputMap.Frame {
  init(
    channels: Int = 1, height: Int, width: Int, padding: Int = 0,
    _ normalization: StreamSpecification.Normalization = .init()
  ) {
    self.init(
      shape: ImageShape(channels: channels, height: height, width: width), padding: padding,
      normalization: normalization)
  }
}

@Suite struct `Input map` {
  private typealias Interpolation = RotatedStream.Interpolation
  private let square = InputMap.Frame(height: 3, width: 3)
  private let digits: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]

  private func level(_ pixel: UInt8) -> Float { Float(Double(pixel) / 255) }

  @Test(arguments: RotatedStream.Interpolation.allCases)
  func `turns right angles counter-clockwise on the screen`(
    interpolation: RotatedStream.Interpolation
  ) {
    let turned: [(Double, [UInt8])] = [
      (90, [3, 6, 9, 2, 5, 8, 1, 4, 7]), (180, [9, 8, 7, 6, 5, 4, 3, 2, 1]),
      (270, [7, 4, 1, 8, 5, 2, 9, 6, 3]), (-90, [7, 4, 1, 8, 5, 2, 9, 6, 3]),
      (360, digits),
    ]
    for (degrees, expected) in turned {
      let map = InputMap.rotated(byDegrees: degrees, interpolation, square)
      #expect(inputs(map, digits) == expected.map(level), "\(degrees)°")
    }
  }

  @Test(arguments: RotatedStream.Interpolation.allCases, [0, 2])
  func `turned by nothing is the identity`(
    interpolation: RotatedStream.Interpolation, padding: Int
  ) {
    let frame = InputMap.Frame(
      height: 4, width: 5, padding: padding, .init(mean: 0.13, deviation: 0.31))
    let image = (0..<20).map { UInt8($0 * 12) }
    #expect(
      inputs(.rotated(byDegrees: 0, interpolation, frame), image)
        == inputs(.identity(frame), image))
  }

  @Test func `takes the nearest pixel`() {
    // 45° about the middle: a corner comes from √2 straight above, below or beside it, which rounds
    // to the middle of an edge; the middle of an edge comes from √½ both ways, a corner.
    let map = InputMap.rotated(byDegrees: 45, .nearest, square)
    #expect(inputs(map, digits) == ([2, 3, 6, 1, 5, 9, 4, 7, 8] as [UInt8]).map(level))
  }

  @Test(arguments: RotatedStream.Interpolation.allCases)
  func `takes background from outside`(interpolation: RotatedStream.Interpolation) {
    let frame = InputMap.Frame(height: 1, width: 3, .init(mean: 0.5, deviation: 0.25))
    let map = InputMap.rotated(byDegrees: 90, interpolation, frame)
    #expect(inputs(map, [255, 255, 255]) == [-2, 2, -2])
  }

  @Test func `blends the four pixels around`() {
    // 30°: the pixel above the middle comes from row 1 − cos 30°, column 1 + sin 30°.
    let map = InputMap.rotated(byDegrees: 30, .bilinear, square)
    let down = 1 - 0.75.squareRoot()
    let top = 0.5 * 2 + 0.5 * 3
    let bottom = 0.5 * 5 + 0.5 * 6
    let expected = ((1 - down) * top + down * bottom) / 255
    #expect(abs(Double(inputs(map, digits)[1]) - expected) < 1e-6)
  }

  @Test(arguments: [7.0, 33.3, 45, 101, 200, -59])
  func `blends with weights that sum to one`(degrees: Double) throws {
    let frame = InputMap.Frame(height: 28, width: 28, padding: 2)
    let map = InputMap.rotated(byDegrees: degrees, .bilinear, frame)
    guard case .blend(let taps, let weights) = map.rule else {
      Issue.record("bilinear maps blend")
      return
    }
    #expect(taps.count == 1024 && weights.count == 1024)
    #expect(weights.allSatisfy { abs($0.sum() - 1) < 1e-6 && $0.min() >= 0 })
    #expect(taps.allSatisfy { $0.min() >= -1 && $0.max() < 784 })
  }

  @Test(arguments: RotatedStream.Interpolation.allCases)
  func `keeps what looks the same from all sides`(
    interpolation: RotatedStream.Interpolation
  ) {
    // f(r) = 200 (1 − r²/100)², within 10 pixels of the middle.
    let frame = InputMap.Frame(height: 21, width: 21)
    let hill = (0..<441).map { index -> UInt8 in
      let (row, column) = (Double(index / 21 - 10), Double(index % 21 - 10))
      let height = max(0, 1 - (row * row + column * column) / 100)
      return UInt8((200 * height * height).rounded())
    }
    let flat = inputs(.identity(frame), hill)
    let turned = inputs(.rotated(byDegrees: 37, interpolation, frame), hill)
    let worst = zip(flat, turned).map { abs($0 - $1) }.max() ?? 1
    // Nearest: √½ pixel of the steepest slope, 31. Bilinear: a quarter of the curvature, 8.
    // Rounding: 1.
    #expect(worst < (interpolation == .nearest ? 23.0 : 3) / 255)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `permuted is a bijection`(seed: UInt64) {
    let frame = InputMap.Frame(height: 8, width: 9)
    var random = RandomStream(seed: seed, purpose: .test)
    let order = random.permutation(of: 72)
    let image = (0..<72).map { UInt8($0) }
    let row = inputs(.permuted(order, frame), image)
    #expect(row == order.map { level(UInt8($0)) })
    #expect(Set(row).count == 72)
  }

  @Test func `draws one angle in each bin`() {
    for seed in 0..<20 as Range<UInt64> {
      var stream = RotatedStream()
      stream.randomBins = 180
      let degrees = stream.degrees(taskCount: 9, seed: seed)
      for (task, angle) in degrees.enumerated() {
        #expect(angle >= 20 * Double(task) && angle <= 20 * Double(task + 1))
      }
      #expect(degrees == stream.degrees(taskCount: 9, seed: seed))
      #expect(degrees != stream.degrees(taskCount: 9, seed: seed + 1))
    }
  }
}
