import Tensors

/// How one task shows examples.
struct TaskView: Sendable {
  let map: InputMap
  /// What distinguishes the view; `nil` when all tasks have the same.
  let name: String?

  /// The views of all tasks of a stream.
  ///
  /// The first task of a permuted stream shows the pixels in their order, as most of the literature
  /// has it; those after it are named by their number of permutations so far.
  static func all(
    of specification: StreamSpecification, _ frame: InputMap.Frame, seed: UInt64
  ) -> [TaskView] {
    let plain = InputMap.identity(frame)
    let tasks = 0..<specification.taskCount
    switch specification.kind {
    case .split:
      return tasks.map { _ in TaskView(map: plain, name: nil) }
    case .permuted:
      return tasks.map { task in
        guard task > 0 else { return TaskView(map: plain, name: "original") }
        var random = RandomStream(seed: seed, purpose: .permutation, node: task)
        let order = random.permutation(of: frame.inputCount)
        return TaskView(map: .permuted(order, frame), name: "permutation \(task)")
      }
    case .rotated(let angles, let interpolation):
      return degrees(angles, taskCount: specification.taskCount, seed: seed).map { degrees in
        TaskView(map: .rotated(byDegrees: degrees, interpolation, frame), name: label(degrees))
      }
    }
  }

  static func degrees(
    _ angles: StreamSpecification.Angles, taskCount: Int, seed: UInt64
  ) -> [Double] {
    switch angles {
    case .explicit(let list): return list
    case .randomBins(let span):
      let bin = span / Double(taskCount)
      return (0..<taskCount).map { task in
        var random = RandomStream(seed: seed, purpose: .rotation, node: task)
        return bin * (Double(task) + random.uniform(in: 0...1))
      }
    }
  }

  /// `40°`, `12.5°`: to a tenth of a degree.
  private static func label(_ degrees: Double) -> String {
    let tenths = Int((degrees * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)°" : "\(sign)\(whole).\(rest)°"
  }
}
