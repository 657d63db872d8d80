import Consolidation
import Launch
import Models
import Tensors
import Updates
import Running

/// Random inputs and labels of ten classes.
func randomBatch(_ count: Int, inputs: Int) -> Batch {
  var random = RandomStream(seed: 1, purpose: .test)
  var batch = Batch(capacity: count, inputs: inputs)
  for _ in 0..<count {
    let row = batch.append(label: random.index(below: 10), active: 0..<10)
    for index in 0..<inputs { row[index] = random.uniform() }
  }
  return batch
}
