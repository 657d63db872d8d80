import Tensors
import Testing

@testable import Streams

@Suite struct `Shards` {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func `are runs of the examples sorted by label`(seed: UInt64) throws {
    let toy = ToyStages(count: 2, size: 12, classCount: 3)
    let placed = try toy.place(.shards(2), nodeCount: 3, seed: seed)
    let histograms = placed.map { $0.map(toy.histogram) }
    // Six shards of two, each of one label; four examples a node.
    for node in histograms[0] { #expect(node.allSatisfy { [0, 2, 4].contains($0) }) }
    #expect(histograms[0].allSatisfy { $0.reduce(0, +) == 4 })
    #expect(histograms[1] == histograms[0], "a node has its labels in every stage")
    #expect(placed[1].map { $0.map(\.index) } != placed[0].map { $0.map(\.index) })
  }

  @Test func `are cut evenly across labels`() throws {
    // Labels sorted: 0 0 0 0 1 1 1; shards of 3, 2, 2 examples.
    let toy = ToyStages(count: 1, size: 7, classCount: 2)
    let nodes = try toy.place(.shards(1), nodeCount: 3)[0].map(toy.histogram)
    #expect(nodes.sorted { $0[0] > $1[0] } == [[3, 0], [1, 1], [0, 2]])
  }

  @Test func `of a stage with few owners go to these alone, in their order`() throws {
    let toy = ToyStages(count: 2, size: 30, classCount: 3)
    let placed = try toy.place(.shards(1), nodeCount: 3, owners: [[0, 1, 2], [0, 2]], seed: 4)
    let first = placed[0].map { toy.label($0[0]) }
    #expect(placed[1].map(\.count) == [15, 0, 15])
    // Of 10, 10, 10 sorted by label, the first half has label 0 and some of label 1.
    let lower = first[0] < first[2] ? 0 : 2
    #expect(toy.histogram(placed[1][lower]) == [10, 5, 0])
    #expect(toy.histogram(placed[1][2 - lower]) == [0, 5, 10])
  }

  @Test func `are dealt to all nodes alike`() throws {
    let toy = ToyStages(count: 1, size: 8, classCount: 4)
    var counts = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    for seed in 0..<800 as Range<UInt64> {
      for (node, hand) in try toy.place(.shards(1), nodeCount: 4, seed: seed)[0].enumerated() {
        counts[node][toy.label(hand[0])] += 1
      }
    }
    // 800 throws at ¼: mean 200, standard deviation 12.2.
    for count in counts.joined() { #expect((139...261).contains(count)) }
  }
}

@Suite struct `Classes per node` {
  @Test(arguments: [1, 2, 3, 7, 10], 1...10)
  func `are different on a node and on some node each`(nodeCount: Int, perNode: Int) {
    for seed in 0..<5 as Range<UInt64> {
      var random = RandomStream(seed: seed, purpose: .test)
      let classes = Placement.assignClasses(
        10, nodeCount: nodeCount, perNode: perNode, random: &random)
      #expect(classes.count == nodeCount)
      for own in classes {
        #expect(own.count == perNode && Set(own).count == perNode)
        #expect(own.allSatisfy { (0..<10).contains($0) })
      }
      #expect(Set(classes.joined()).count == min(10, nodeCount * perNode))
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `share their examples among the nodes that have them`(seed: UInt64) throws {
    let toy = ToyStages(count: 2, size: 30, classCount: 3)
    // As many nodes as classes: one each.
    let single = try toy.place(.classesPerNode(1), nodeCount: 3, seed: seed).map {
      $0.map(toy.histogram)
    }
    #expect(
      single[0].sorted { $0[0] * 2 + $0[1] > $1[0] * 2 + $1[1] }
        == [[10, 0, 0], [0, 10, 0], [0, 0, 10]])
    #expect(single[1] == single[0])
    // All nodes have all: ten of each class, cut evenly among four.
    let all = try toy.place(.classesPerNode(3), nodeCount: 4, seed: seed)
    #expect(all[0].map(toy.histogram) == [[3, 3, 3], [3, 3, 3], [2, 2, 2], [2, 2, 2]])
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `that nobody has are shared by all owners`(seed: UInt64) throws {
    let toy = ToyStages(count: 2, size: 30, classCount: 3)
    let placed = try toy.place(
      .classesPerNode(1), nodeCount: 3, owners: [[0, 1, 2], [0, 2]], seed: seed)
    let own = placed[0].map { toy.label($0[0]) }
    for node in [0, 2] {
      let histogram = toy.histogram(placed[1][node])
      #expect(histogram[own[node]] == 10 && histogram[own[1]] == 5)
    }
  }

  @Test func `are dealt to all nodes alike`() {
    var counts = [[Int]](repeating: [0, 0, 0, 0, 0], count: 3)
    for seed in 0..<1000 as Range<UInt64> {
      var random = RandomStream(seed: seed, purpose: .test)
      for (node, own) in Placement.assignClasses(5, nodeCount: 3, perNode: 2, random: &random)
        .enumerated()
      {
        for label in own { counts[node][label] += 1 }
      }
    }
    // 1,000 throws at ⅖: mean 400, standard deviation 15.5.
    for count in counts.joined() { #expect((322...478).contains(count)) }
  }
}

@Suite struct `Feature noise` {
  private func noise(_ noise: FeatureNoise, _ task: Int, _ index: Int, count: Int = 50) -> [Float] {
    var row = [Float](repeating: 0, count: count)
    noise.add(to: &row, count: count, example: Example(task: task, index: index))
    return row
  }

  @Test func `grows in variance from node to node`() {
    for node in 0..<4 {
      let maker = FeatureNoise(sigma: 0.8, node: node, nodeCount: 4, seed: 3)
      let (mean, variance) = moments(noise(maker, 0, 5, count: 20_000).map(Double.init))
      let expected = 0.8 * Double(node + 1) / 4
      #expect(abs(mean) < 5 * (expected / 20_000).squareRoot())
      // The square of a normal draw has a variance of twice its mean squared.
      #expect(abs(variance - expected) < 5 * expected * (2.0 / 20_000).squareRoot())
    }
  }

  @Test func `is the same whenever an example is shown, and another for any other`() {
    let maker = FeatureNoise(sigma: 1, node: 0, nodeCount: 2, seed: 3)
    #expect(noise(maker, 0, 5) == noise(maker, 0, 5))
    let others = [
      noise(maker, 0, 5), noise(maker, 0, 6), noise(maker, 1, 5),
      noise(FeatureNoise(sigma: 1, node: 1, nodeCount: 2, seed: 3), 0, 5),
      noise(FeatureNoise(sigma: 1, node: 0, nodeCount: 2, seed: 4), 0, 5),
    ]
    #expect(Set(others).count == 5)
  }

  @Test func `is added to the inputs, or nothing where sigma is 0`() {
    let example = Example(task: 0, index: 1)
    let maker = FeatureNoise(sigma: 1, node: 0, nodeCount: 1, seed: 3)
    var row: [Float] = [1, 2, 4]
    maker.add(to: &row, count: 2, example: example)
    #expect(row == [1 + noise(maker, 0, 1)[0], 2 + noise(maker, 0, 1)[1], 4])
    var clean: [Float] = [1, 2, 4]
    FeatureNoise(sigma: 0, node: 0, nodeCount: 1, seed: 3).add(
      to: &clean, count: 3, example: example)
    #expect(clean == [1, 2, 4])
  }
}
