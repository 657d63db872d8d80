/// Of points in two figures, those that no other one beats.
enum ParetoFront {
  /// The places of the points to which no other one is at least as good in both figures and better
  /// in one. O(n²).
  static func places(
    _ points: [(x: Double, y: Double)], _ x: StudyFigure, _ y: StudyFigure
  ) -> [Int] {
    func gain(_ a: Double, over b: Double, _ figure: StudyFigure) -> Double {
      figure.isBetterHigh ? a - b : b - a
    }
    return points.indices.filter { place in
      !points.contains { other in
        let inX = gain(other.x, over: points[place].x, x)
        let inY = gain(other.y, over: points[place].y, y)
        return inX >= 0 && inY >= 0 && (inX > 0 || inY > 0)
      }
    }
  }
}
