import CBLAS

/// Whether a matrix enters a product as it is stored or transposed.
public enum Orientation: Sendable {
  case asStored, transposed

  /// As the matrix library has it.
  var flag: CBLAS_TRANSPOSE { self == .asStored ? CblasNoTrans : CblasTrans }
}
