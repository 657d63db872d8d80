import CKernels

extension PixelMap {
  /// The padded image rotated about its centre; what comes from outside is background.
  ///
  /// - Parameter degrees: Counter-clockwise as seen on a screen, where rows go down.
  static func rotated(
    byDegrees degrees: Double, _ interpolation: StreamSpecification.Interpolation,
    _ frame: Frame, _ normalization: StreamSpecification.Normalization
  ) -> PixelMap {
    let turn = degrees * Double.pi / 180
    // Right angles are exact, so that a quarter turn moves pixels onto pixels.
    let (sine, cosine) = (snap(hebb_sin(turn)), snap(hebb_cos(turn)))
    let middleRow = Double(frame.paddedHeight - 1) / 2
    let middleColumn = Double(frame.paddedWidth - 1) / 2
    let places = (0..<frame.inputCount).map { index in
      // The inverse turn, with the sign that rows pointing down give it.
      let y = Double(index / frame.paddedWidth) - middleRow
      let x = Double(index % frame.paddedWidth) - middleColumn
      return (
        row: middleRow + cosine * y + sine * x, column: middleColumn - sine * y + cosine * x
      )
    }
    let rule: Rule
    switch interpolation {
    case .nearest:
      rule = .gather(
        places.map {
          frame.source(row: Int($0.row.rounded()), column: Int($0.column.rounded()))
        })
    case .bilinear:
      let blends = places.map { blend(row: $0.row, column: $0.column, frame) }
      rule = .blend(blends.map(\.taps), blends.map(\.weights))
    }
    return PixelMap(rule, inputCount: frame.inputCount, normalization)
  }

  /// The four pixels around a place and their weights, whose sum is 1.
  private static func blend(
    row: Double, column: Double, _ frame: Frame
  ) -> (taps: SIMD4<Int32>, weights: SIMD4<Float>) {
    let (top, left) = (Int(row.rounded(.down)), Int(column.rounded(.down)))
    let (down, right) = (Float(row - Double(top)), Float(column - Double(left)))
    return (
      SIMD4(
        frame.source(row: top, column: left), frame.source(row: top, column: left + 1),
        frame.source(row: top + 1, column: left), frame.source(row: top + 1, column: left + 1)),
      SIMD4((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right)
    )
  }

  private static func snap(_ value: Double) -> Double {
    (value - value.rounded()).magnitude < 1e-12 ? value.rounded() : value
  }
}
