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
    _ = try order.listed(taskCount)
    try kind.validate(taskCount: taskCount)
  }

  /// The numbers of the classes of which no example is trained.
  ///
  /// - Throws: ``DataError`` when a label is none of the data set's.
  func classesLeftOut(of data: DataSet) throws(DataError) -> Set<Int> {
    let unknown = trainingWithout.filter { !data.labels.contains($0) }
    try Self.demand(
      unknown.isEmpty,
      "data.training-without names \(LabelList.words(unknown)), but data set \(data.name) has the "
        + "labels \(LabelList.words(data.labels)); leave out some of these")
    return Set(data.labels.indices.filter { trainingWithout.contains(data.labels[$0]) })
  }

  /// What examples are before a task shows them.
  ///
  /// - Throws: ``DataError`` when the stream moves pixels and the data have none.
  func frame(of data: DataSet) throws(DataError) -> InputMap.Frame {
    if padding > 0 || kind.needsImages, data.train.shape == nil {
      throw DataError(
        "data set \(data.name) has no images, which "
          + (padding > 0 ? "stream.padding is for; use 0" : "stream.kind needs; use another one"))
    }
    if let text = data.train.text {
      guard kind.viewByteCount == 0, normalization == Normalization() else {
        throw DataError(
          "data set \(data.name) has words, which are no quantities to "
            + (kind.viewByteCount > 0
              ? "move about, as stream.kind does; use questions"
              : "norm; leave data.mean at 0 and data.deviation at 1"))
      }
      return InputMap.Frame(
        shape: ImageShape(text), padding: 0, normalization: normalization)
    }
    return InputMap.Frame(
      shape: data.train.shape ?? ImageShape(height: 1, width: data.train.inputCount),
      padding: padding, normalization: normalization)
  }

  private static func demand(_ holds: Bool, _ sentence: String) throws(DataError) {
    if !holds { throw DataError(sentence) }
  }
}
