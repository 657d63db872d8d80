import Methods
package import Models
package import Roles
package import Streams
import Tensors

extension Experiment {
  /// What makes examples of finished tasks, for data of a shape; `nil` where nothing does.
  ///
  /// - Throws: `DataError` when the data are words, which nothing makes.
  package func generator(for shape: DataShape) throws(DataError) -> (any Generator)? {
    guard let generation = method.value.generation else { return nil }
    guard shape.example.text == nil else {
      throw DataError(
        "method.name is \(method.name), which makes examples of quantities, but the data are "
          + "texts; use another method.name")
    }
    return generation.generator(inputs: shape.example.count)
  }
}
