import Foundation
import Testing

@testable import Models
@testable import Tensors

@Suite struct `An associative memory` {
  private func inputs(_ signs: [Float]) -> [Float] { signs.map { $0 > 0 ? 1 : 0 } }

  /// Of (+ + −) with class 0 and (+ − −) with class 1 of two.
  @Test func `by hand`() {
    var sample = LocalRuleSample(PatternMemory(inputs: 3, outputs: 2, levels: PixelLevels()))
    #expect(sample.learn([inputs([1, 1, -1]), inputs([1, -1, -1])], [0, 1], from: 0) == 0)
    #expect(
      sample.weights.array == [
        0, 0, -2, 0, 0,
        0, 0, 0, 2, -2,
        -2, 0, 0, 0, 0,
        0, 2, 0, 0, -2,
        0, -2, 0, -2, 0,
      ])
    #expect(sample.logits([inputs([1, 1, -1]), inputs([1, -1, -1])]) == [[2, -2], [-2, 2]])
    #expect(sample.sums([], [], from: 0).sums.allSatisfy { $0 == 0 })
  }

  /// The rows of a Hadamard matrix, without the first: no two have anything in common.
  @Test func `recalls patterns that are orthogonal without an error`() {
    let size = 16
    let patterns = (1..<6).map { row in
      (0..<size).map { column -> Float in (row & column).nonzeroBitCount % 2 == 0 ? 1 : -1 }
    }
    let memory = PatternMemory(inputs: size - 1, outputs: 1, levels: PixelLevels())
    let weights = Vector(count: size * size)
    for pattern in patterns {
      for i in 0..<size {
        for j in 0..<size where i != j { weights[i * size + j] += pattern[i] * pattern[j] }
      }
    }
    for pattern in patterns {
      let fields = Vector(count: size)
      memory.recall(
        0..<size, of: pattern, count: 1, at: weights.base, into: fields.base)
      // N less what the diagonal would have added.
      #expect(fields.array == pattern.map { Float(size - patterns.count) * $0 })
    }
  }

  private func drawn(_ count: Int, width: Int, seed: UInt64) -> [[Float]] {
    var random = RandomStream(seed: seed, purpose: .test)
    return (0..<count).map { _ in (0..<width).map { _ in random.index(below: 2) == 0 ? -1 : 1 } }
  }

  /// ½ erfc √(N/2m) at m = .105, .138 and .185 N: .001, .0036 and .01, within four deviations of a
  /// count.
  @Test(arguments: [52, 69, 92], [1, 2] as [UInt64])
  func `errs in one step as often as the formula says`(count: Int, seed: UInt64) {
    let width = 500
    let patterns = drawn(count, width: width, seed: seed)
    let memory = PatternMemory(inputs: width, outputs: 1, levels: PixelLevels())
    var sample = LocalRuleSample(memory, capacity: count)
    sample.learn(patterns.map(inputs), patterns.map { _ in 0 }, from: 0)
    var wrong = 0
    for pattern in patterns {
      let fields = Vector(count: width)
      memory.recall(
        0..<width, of: pattern + [1], count: 1, at: sample.weights.base, into: fields.base)
      wrong += (0..<width).count { fields[$0] * pattern[$0] <= 0 }
    }
    let probability = erfc((Double(width) / (2 * Double(count))).squareRoot()) / 2
    let expected = probability * Double(width * count)
    #expect(abs(Double(wrong) - expected) < 4 * expected.squareRoot())
  }

  /// E = −½ Σ w_ij p_i p_j, where one element after another is set to the sign of its field.
  @Test func `never rises in energy`() {
    let width = 40
    let patterns = drawn(12, width: width, seed: 3)
    let memory = PatternMemory(inputs: width, outputs: 1, levels: PixelLevels())
    var sample = LocalRuleSample(memory)
    sample.learn(patterns.map(inputs), patterns.map { _ in 0 }, from: 0)
    let size = memory.elements
    func energy(_ state: [Float]) -> Double {
      var sum = 0.0
      for i in 0..<size {
        for j in 0..<size {
          sum -= Double(sample.weights[i * size + j] * state[i] * state[j]) / 2
        }
      }
      return sum
    }
    var state = drawn(1, width: width, seed: 9)[0] + [1]
    var (last, flips) = (energy(state), 0)
    for element in (0..<4 * size).map({ $0 * 7 % size }) {
      var field: Float = 0
      memory.recall(
        element..<element + 1, of: state, count: 1, at: sample.weights.base, into: &field)
      let sign: Float = field < 0 ? -1 : 1
      if sign != state[element] { flips += 1 }
      state[element] = sign
      let now = energy(state)
      #expect(now <= last)
      last = now
    }
    #expect(flips > 0)
  }
}
