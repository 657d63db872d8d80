import Testing

@testable import Models
@testable import Tensors

@Suite struct `Multilayer perceptron` {
  @Test func `lays parameters out like PyTorch`() {
    let layout = MultilayerPerceptron(inputs: 784, hidden: [400, 300], outputs: 10).layout
    #expect(
      layout.tensors.map(\.name) == [
        "layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias", "layer3.weight",
        "layer3.bias",
      ])
    #expect(
      layout.tensors.map(\.shape) == [[400, 784], [400], [300, 400], [300], [10, 300], [10]])
  }

  @Test func `has the known numbers of parameters`() {
    let counts = [[400, 400], [100, 100], []].map {
      MultilayerPerceptron(inputs: 784, hidden: $0, outputs: 10).layout.count
    }
    #expect(counts == [478_410, 89_610, 7850])
  }
}

@Suite struct `A batch` {
  @Test func `is filled row by row and emptied`() {
    var batch = Batch(capacity: 2, inputs: 2)
    for value in [1, 2] as [Float] {
      let row = batch.append(label: Int(value), active: 1..<3)
      (row[0], row[1]) = (value, -value)
    }
    #expect(batch.count == 2)
    #expect(batch.inputs.array == [1, -1, 2, -2])
    #expect(batch.labels == [1, 2])
    #expect(batch.active == [1..<3, 1..<3])

    batch.removeAll()
    #expect(batch.count == 0)
    batch.append(label: 0, active: 0..<1)[0] = 9
    #expect(batch.inputs[0] == 9)
    #expect(batch.labels == [0])
  }

  @Test func `refuses what cannot be`() async {
    await #expect(processExitsWith: .failure) {
      var batch = Batch(capacity: 0, inputs: 1)
      _ = batch.append(label: 0, active: 0..<1)
    }
    await #expect(processExitsWith: .failure) {
      var batch = Batch(capacity: 1, inputs: 1)
      _ = batch.append(label: 2, active: 0..<2)
    }
    await #expect(processExitsWith: .failure) {
      let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
      var batch = Batch(capacity: 1, inputs: 1)
      _ = batch.append(label: 2, active: 0..<3)
      let weights = model.initialWeights(.pytorch, seed: 1)
      _ = model.loss(
        of: batch, at: weights.base,
        using: Workspace(model: model, capacity: 1))
    }
  }
}
