import Testing

@testable import Streams

@Suite struct `What stays in memory` {
  /// Stage by stage, a task each: `sizes[stage][class]` examples.
  private func stages(_ sizes: [[Int]]) -> [[Example]] {
    var index = 0
    return sizes.enumerated().map { task, counts in
      counts.enumerated().flatMap { label, count in
        (0..<count).map { _ in
          defer { index += 1 }
          return Example(task: task, index: index * 10 + label)
        }
      }
    }
  }

  private func label(_ example: Example) -> Int { example.index % 10 }

  private func counts(_ kept: [Example], of group: MemoryRule.Group) -> [Int] {
    var counts: [String: Int] = [:]
    for example in kept {
      let name =
        switch group {
        case .all: ""
        case .task: "\(example.task)"
        case .class: "\(example.task) \(label(example))"
        }
      counts[name, default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }

  @Test(arguments: MemoryRule.Group.allCases, [0, 1, 7, 40, 1000])
  func `is as much as there is room for, and groups differ by at most one`(
    group: MemoryRule.Group, size: Int
  ) {
    let all = stages([[30, 30], [30, 30], [30, 30]])
    let kept = MemoryRule(.total(size), per: group).kept(of: all, seed: 3, label: label)
    #expect(kept.count == min(size, 180))
    #expect(Set(kept).count == kept.count)
    let counts = counts(kept, of: group)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
  }

  @Test func `leaves what a small group has no use for to the others`() {
    let all = stages([[3, 50], [50, 50]])
    let kept = MemoryRule(.total(43), per: .class).kept(of: all, seed: 1, label: label)
    #expect(counts(kept, of: .class) == [3, 14, 13, 13])
  }

  @Test func `is so many of each task where that is asked for`() {
    let all = stages([[30, 30], [30, 30], [4, 30]])
    let rule = MemoryRule(.ofEachTask(10), per: .class)
    #expect(counts(rule.kept(of: all, seed: 1, label: label), of: .class) == [5, 5, 5, 5, 4, 6])
    let plain = MemoryRule(.ofEachTask(10)).kept(of: all, seed: 1, label: label)
    #expect(counts(plain, of: .task) == [10, 10, 10])
  }

  @Test(arguments: MemoryRule.Group.allCases)
  func `does not depend on the order of examples, and never comes back`(group: MemoryRule.Group) {
    let all = stages([[40, 25], [33, 30], [12, 50], [30, 30]])
    let rule = MemoryRule(.total(50), per: group)
    var before: Set<Example>?
    for count in 1...all.count {
      let seen = Array(all.prefix(count))
      let kept = rule.kept(of: seen, seed: 5, label: label)
      let reversed = rule.kept(of: seen.map { $0.reversed() }, seed: 5, label: label)
      #expect(kept == reversed)
      if let before {
        let old = kept.filter { $0.task < count - 1 }
        #expect(old.allSatisfy(before.contains))
      }
      before = Set(kept)
    }
  }

  /// The union of what parts keep holds what the whole keeps.
  @Test func `of the whole is among what each node would keep of its own`() {
    let all = stages([[40, 25], [33, 30]])
    let rule = MemoryRule(.total(20))
    let parts = (0..<3).flatMap { node in
      rule.kept(
        of: all.map { $0.filter { $0.index / 10 % 3 == node } }, seed: 2, label: label)
    }
    let whole = rule.kept(of: all, seed: 2, label: label)
    #expect(parts.count == 60 && whole.allSatisfy(Set(parts).contains))
    #expect(rule.kept(of: all, seed: 9, label: label) != whole)
  }

  /// χ² of how often each of 100 examples is among 20 that stay, over 1,000 seeds: 99 degrees of
  /// freedom, scaled by the 0.8 that drawing without replacement takes; 148 is exceeded with p < .001.
  @Test func `is every example equally often`() {
    let all = stages([[50, 50]])
    var hits: [Example: Int] = [:]
    for seed in 0..<1000 as Range<UInt64> {
      for example in MemoryRule(.total(20)).kept(of: all, seed: seed, label: label) {
        hits[example, default: 0] += 1
      }
    }
    let expected = 200.0
    let square = all[0].reduce(0.0) { sum, example in
      let difference = Double(hits[example] ?? 0) - expected
      return sum + difference * difference / (expected * 0.8)
    }
    #expect(square > 55 && square < 148)
  }

  @Test func `is so many of each group where that is asked for`() {
    let all = stages([[30, 30], [4, 30]])
    let rule = MemoryRule(.ofEachGroup(10), per: .class)
    #expect(counts(rule.kept(of: all, seed: 1, label: label), of: .class) == [10, 10, 4, 10])
  }

  /// A part of it, equally much of each group; without it the same stays.
  @Test(arguments: [3, 17, 40, 100], [1, 4, 10])
  func `has a part that is held out`(size: Int, oneIn: Int) {
    let all = stages([[30, 30], [30, 3]])
    let rule = MemoryRule(.total(size), per: .class, heldOutOneIn: oneIn)
    let kept = rule.kept(of: all, seed: 3, label: label)
    let held = rule.heldOut(of: all, seed: 3, label: label)
    #expect(kept == MemoryRule(.total(size), per: .class).kept(of: all, seed: 3, label: label))
    #expect(Set(held).isSubset(of: kept) && Set(held).count == held.count)
    let numbers = counts(held, of: .class)
    #expect(Set(numbers).count <= 1 && numbers.count == (size < 4 ? 0 : 4))
    let least = counts(kept, of: .class).min() ?? 0
    #expect(size < 4 || numbers[0] == (least + oneIn - 1) / oneIn)
    #expect(
      MemoryRule(.total(size)).heldOut(of: all, seed: 3, label: label).isEmpty)
  }

  /// What is held out at a boundary was never trained on before.
  @Test(arguments: [UInt64(1), 2, 3])
  func `holds out nothing that came back at an earlier boundary`(seed: UInt64) {
    let all = stages([[40, 40], [40, 40], [40, 12], [40, 40]])
    let rule = MemoryRule(.total(90), per: .class, heldOutOneIn: 5)
    for count in 1..<all.count {
      let (before, after) = (Array(all[..<count]), Array(all[...count]))
      let kept = Set(before.joined())
      let held = rule.heldOut(of: before, seed: seed, label: label)
      let later = rule.heldOut(of: after, seed: seed, label: label)
      #expect(Set(later.filter { kept.contains($0) }).isSubset(of: held))
    }
  }
}
