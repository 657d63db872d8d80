import Foundation

/// Training loss over time.
struct LossFigure {
  let run: RunResult
  let label: String

  /// `nil` where no loss was recorded.
  func drawing(width: Double) -> Drawing? {
    let losses = run.losses.filter { $0.loss.isFinite }
    guard losses.count > 1, let most = losses.map(\.loss).max(), most > 0 else { return nil }
    let least = losses.map(\.loss).filter { $0 > 0 }.min() ?? most
    let isLogarithmic = most / least > 50
    let frame = TimeFrame(
      width: width, height: width > 500 ? 220 : 200, left: 46, right: 12,
      lastStep: max(1, losses.map(\.step).max() ?? 1, run.taskBoundaries.last?.step ?? 0))
    let low = isLogarithmic ? pow(10, log10(least).rounded(.down)) : 0
    let y = Axis(
      values: low...most * 1.05, from: frame.bottom, to: frame.top, isLogarithmic: isLogarithmic)
    var drawing = Drawing(
      width: width, height: frame.height, title: "Training loss, \(label)",
      summary:
        "From \(Figures.short(losses[0].loss)) to \(Figures.short(losses[losses.count - 1].loss)).")
    frame.drawTasks(run.taskBoundaries, in: &drawing)
    if isLogarithmic {
      for power in y.decades(atMost: 4) {
        rule(y(pow(10, Double(power))), Axis.power(power), frame, in: &drawing)
      }
    } else {
      for tick in y.ticks(4) { rule(y(tick), Figures.short(tick), frame, in: &drawing) }
    }
    frame.drawSteps(in: &drawing)
    drawing.path(
      losses.map { (frame.x(Double($0.step)), y(max($0.loss, low))) }, css: "series s0")
    return drawing
  }

  private func rule(_ y: Double, _ name: String, _ frame: TimeFrame, in drawing: inout Drawing) {
    drawing.line(frame.left, y, frame.end, y, css: "rule")
    drawing.text(name, frame.left - 7, y + 4, .end)
  }
}
