import Models
public import Tensors

extension Blueprint {
  /// What is to be known of parameters that were learned without gradients, a sentence each; none
  /// where they were not.
  public func remarks(on weights: Vector) -> [String] {
    guard let learner = frame.learner, weights.count == layout.count else { return [] }
    var remarks: [String] = []
    if let (idle, all) = learner.idleUnits(at: weights.base), idle > 0 {
      remarks.append("\(idle) of \(all) units have learned nothing")
    }
    if !learner.isExact(at: weights.base) {
      remarks.append(
        "a sum has passed 16,777,216, up to which it is exact: the weights may depend on the order "
          + "of examples; use fewer epochs")
    }
    return remarks
  }
}
