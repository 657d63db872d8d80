import Tensors

extension StreamSpecification {
  /// What can be said before the data are known.
  ///
  /// - Throws: ``DataError`` that names the key.
  func validate() throws(DataError) {
    try Self.demand(taskCount >= 1, "stream.tasks is \(taskCount); a stream has at least one task")
    try Self.demand(
      (0...1024).contains(padding), "stream.padding is \(padding); use 0 to 1024 pixels a side")
    try Self.demand(
      normalization.mean.isFinite && normalization.deviation.isFinite
        && normalization.deviation > 0,
      "data.mean and data.deviation are \(normalization.mean) and \(normalization.deviation); use "
        + "finite numbers and a deviation above 0")
    for (key, limit) in [
      ("examples-per-task", examplesPerTask), ("test-examples-per-task", testExamplesPerTask),
    ] {
      try Self.demand(
        limit ?? 1 >= 1, "stream.\(key) is \(limit ?? 1); a task needs at least one example")
    }
    if case .rotated(let angles, _) = kind { try validate(angles) }
  }

  /// What examples are before a task shows them.
  ///
  /// - Throws: ``DataError`` when the stream moves pixels and the data have none.
  func frame(of data: DataSet) throws(DataError) -> InputMap.Frame {
    var needsImages = padding > 0
    if case .rotated = kind { needsImages = true }
    if needsImages && data.train.shape == nil {
      throw DataError(
        "data set \(data.name) has no images, which stream.kind rotated and stream.padding are "
          + "for; use another stream.kind and no padding")
    }
    return InputMap.Frame(
      shape: data.train.shape ?? ImageShape(height: 1, width: data.train.inputCount),
      padding: padding, normalization: normalization)
  }

  private func validate(_ angles: Angles) throws(DataError) {
    switch angles {
    case .explicit(let list):
      try Self.demand(
        list.count == taskCount,
        "stream.angles has \(list.count) angles for \(taskCount) tasks; give one a task")
      for angle in list {
        try Self.demand(
          (-360...360).contains(angle),
          "stream.angles has \(angle); use degrees from -360 to 360")
      }
    case .randomBins(let span):
      try Self.demand(
        span > 0 && span <= 360,
        "stream.random-bins is \(span); use degrees above 0 and up to 360")
    }
  }

  private static func demand(_ holds: Bool, _ sentence: String) throws(DataError) {
    if !holds { throw DataError(sentence) }
  }
}
