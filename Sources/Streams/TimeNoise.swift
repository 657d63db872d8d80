import Tensors

/// What keeps a network from learning times by heart: in training, sentences are some way further
/// back than they were, as if blank ones had come between them.
///
/// Of n sentences ⌈share · n⌉ blanks are dealt among them, so that their times are n different ones
/// of 1…n + ⌈share · n⌉, in order; those beyond the largest time that there is are at that. Draws
/// are keyed by example, stage and step, not by node.
///
/// - Source: Sukhbaatar et al. 2015 (End-to-end memory networks), §4.1, "random noise".
struct TimeNoise: Sendable {
  private let share: Double
  private let text: TextShape
  private let seed: UInt64

  /// - Parameter share: Blanks for each sentence, 0 to 1; `nil` for 0.
  init?(share: Double, text: TextShape, seed: UInt64) {
    precondition((0...1).contains(share))
    guard share > 0 else { return nil }
    self.share = share
    self.text = text
    self.seed = seed
  }

  /// Moves the times of an example's sentences.
  ///
  /// - Parameters:
  ///   - row: An example as ``TextShape`` has it, its sentences without a gap.
  ///   - example: Its index in the data set.
  func disturb(_ row: UnsafeMutablePointer<Float>, example: Int, stage: Int, step: Int) {
    let width = text.lineWidth
    let times = row + width + text.words
    var count = 0
    while count < text.sentences, times[count * width] > 0 { count += 1 }
    var blanks = Int((share * Double(count)).rounded(.up))
    guard blanks > 0 else { return }
    precondition(stage < 1 << 12 && step < 1 << 32)
    var random = RandomStream(
      seed: seed, purpose: .timeNoise, node: stage << 20 | example & 0xFFFFF, step: step)
    var time = 1
    for sentence in 0..<count {
      // As many blanks before this sentence as come up before the first of those that are left.
      while blanks > 0, random.index(below: blanks + count - sentence) < blanks {
        blanks -= 1
        time += 1
      }
      times[sentence * width] = Float(min(time, text.sentences))
      time += 1
    }
  }
}
