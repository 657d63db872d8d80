/// Which examples are for testing where a data set does not say it.
public enum HoldOut {
  /// Of each class every sixth example in the order given is for testing, as ten thousand of
  /// MNIST's seventy thousand nearly are.
  public static let every = 6

  /// Whether an example is for testing.
  ///
  /// - Parameter index: Among the examples of its class, from 0.
  public static func isTest(_ index: Int) -> Bool { index % every == every - 1 }

  /// The indices of training and of test examples, ascending.
  ///
  /// - Parameter labels: By example.
  public static func split(_ labels: [Int32]) -> (train: [Int], test: [Int]) {
    var (train, test): ([Int], [Int]) = ([], [])
    var counts: [Int32: Int] = [:]
    for (number, label) in labels.enumerated() {
      let index = counts[label, default: 0]
      counts[label] = index + 1
      if isTest(index) { test.append(number) } else { train.append(number) }
    }
    return (train, test)
  }
}
