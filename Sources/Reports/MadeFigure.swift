import Foundation

/// Images that a generator made when all was learned, in rows.
struct MadeFigure {
  let run: RunResult
  let label: String

  /// `nil` where nothing was made.
  func drawing(width: Double) -> Drawing? {
    guard let made = run.made, made.count > 0 else { return nil }
    let columns = min(made.columns, made.count)
    let rows = (made.count + columns - 1) / columns
    let picture = picture(made, columns: columns, rows: rows)
    // No larger than three screen pixels for each of theirs.
    let scale = min(3, width / Double(picture.width))
    var drawing = Drawing(
      width: width, height: scale * Double(picture.height),
      title: "What the generator makes, \(label)",
      summary: "\(made.count) images that the generator made when all was learned.")
    drawing.image(
      0, 0, scale * Double(picture.width), scale * Double(picture.height), picture)
    return drawing
  }

  /// All images in one, with a pixel between them.
  private func picture(_ made: RunResult.MadeImages, columns: Int, rows: Int) -> GreyPNG {
    let (width, height) = (columns * (made.width + 1) - 1, rows * (made.height + 1) - 1)
    var pixels = Array(repeating: UInt8(255), count: width * height)
    let source = Array(made.pixels)
    for image in 0..<made.count {
      let left = image % columns * (made.width + 1)
      for row in 0..<made.height {
        let from = (image * made.height + row) * made.width
        let to = (image / columns * (made.height + 1) + row) * width + left
        pixels.replaceSubrange(to..<to + made.width, with: source[from..<from + made.width])
      }
    }
    return GreyPNG(width: width, height: height, pixels: pixels)
  }
}
