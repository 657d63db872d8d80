/// What is plausible for a data set; files that announce more are refused before memory is taken.
public enum DataLimits {
  /// Pixels of an image's side.
  public static let sideMaximum = 4096
  /// Bytes of one file, and of the examples of one part of a data set: 4 GiB.
  public static let byteCountMaximum = 4 << 30
}
