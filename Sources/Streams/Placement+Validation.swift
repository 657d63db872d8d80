extension Placement {
  /// - Throws: ``DataError`` that names the key of a setting out of its range.
  func validate(classCount: Int) throws(DataError) {
    switch self {
    case .iid: return
    case .dirichletByClass(let beta, let minimum, _), .quantityDirichlet(let beta, let minimum):
      try Self.checkPositive(beta, "placement.beta")
      guard minimum >= 0 else {
        throw DataError("placement.minimum is \(minimum); use 0 or more examples")
      }
    case .dirichletByNode(let alpha): try Self.checkPositive(alpha, "placement.alpha")
    case .shards(let count):
      guard (1...65536).contains(count) else {
        throw DataError("placement.shards is \(count); use 1 to 65536 shards a worker")
      }
    case .classesPerNode(let count):
      guard (1...max(1, classCount)).contains(count) else {
        throw DataError(
          "placement.classes is \(count); use 1 to \(classCount), the classes of the data set")
      }
    case .featureNoise(let sigma):
      guard sigma.isFinite, sigma >= 0 else {
        throw DataError("placement.sigma is \(sigma); use a finite number, 0 or more")
      }
    }
  }

  private static func checkPositive(_ value: Double, _ key: String) throws(DataError) {
    guard value.isFinite, value > 0 else {
      throw DataError("\(key) is \(value); use a finite number above 0")
    }
  }
}
