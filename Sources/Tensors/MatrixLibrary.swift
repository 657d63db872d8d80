import CBLAS

/// The library that products come from.
public enum MatrixLibrary {
  /// The code that it chose for this processor: `SkylakeX`. Equal kernels give equal bits, others
  /// give others.
  public static var kernel: String { String(cString: openblas_get_corename()) }

  /// Its name, version and how it was built.
  public static var description: String { String(cString: openblas_get_config()) }
}
