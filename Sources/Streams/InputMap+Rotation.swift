import CKernels

extension InputMap {
  /// The padded image rotated about its centre, each channel alike; what comes from outside is
  /// background.
  ///
  /// - Parameter degrees: Counter-clockwise as seen on a screen, where rows go down.
  static func rotated(
    byDegrees degrees: Double, _ interpolation: RotatedStream.Interpolation, _ frame: Frame
  ) -> InputMap {
    let turn = degrees * Double.pi / 180
    // Right angles are exact, so that a quarter turn moves pixels onto pixels.
    let (sine, cosine) = (snap(hebb_sin(turn)), snap(hebb_cos(turn)))
    let middleRow = Double(frame.paddedHeight - 1) / 2
    let middleColumn = Double(frame.paddedWidth - 1) / 2
    let places = (0..<frame.inputCount).map { index in
      let (channel, pixel) = index.quotientAndRemainder(dividingBy: frame.paddedArea)
      // The inverse turn, with the sign that rows pointing down give it.
      let y = Double(pixel / frame.paddedWidth) - middleRow
      let x = Double(pixel % frame.paddedWidth) - middleColumn
      return (
        channel: channel, row: middleRow + cosine * y + sine * x,
        column: middleColumn - sine * y + cosine * x
      )
    }
    switch interpolation {
    case .nearest:
      let sources = places.map {
        frame.source(
          channel: $0.channel, row: Int($0.row.rounded()), column: Int($0.column.rounded()))
      }
      return InputMap(.gather(sources), frame)
    case .bilinear:
      let blends = places.map {
        blend(channel: $0.channel, row: $0.row, column: $0.column, frame)
      }
      return InputMap(.blend(blends.map(\.taps), blends.map(\.weights)), frame)
    }
  }

  /// The four pixels around a place and their weights, whose sum is 1.
  private static func blend(
    channel: Int, row: Double, column: Double, _ frame: Frame
  ) -> (taps: SIMD4<Int32>, weights: SIMD4<Float>) {
    let (top, left) = (Int(row.rounded(.down)), Int(column.rounded(.down)))
    let (down, right) = (Float(row - Double(top)), Float(column - Double(left)))
    func source(_ row: Int, _ column: Int) -> Int32 {
      frame.source(channel: channel, row: row, column: column)
    }
    return (
      SIMD4(
        source(top, left), source(top, left + 1), source(top + 1, left), source(top + 1, left + 1)),
      SIMD4((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right)
    )
  }

  private static func snap(_ value: Double) -> Double {
    (value - value.rounded()).magnitude < 1e-12 ? value.rounded() : value
  }
}
