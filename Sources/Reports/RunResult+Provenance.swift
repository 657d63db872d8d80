extension RunResult {
  /// Why its figures are not those that this program finds with some data; `nil` where they are.
  ///
  /// - Parameter data: Fingerprint of the data set (``dataSha256``).
  public func reasonToRunAgain(data: String) -> String? {
    guard self.provenance?.figuresVersion == Provenance.currentFigures else {
      return "made by a version of hebb that finds other figures"
    }
    return self.dataSha256 == data ? nil : "made with other data"
  }
}
