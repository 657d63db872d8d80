extension Experiment {
  /// What `hebb run` runs without arguments: five tasks of two glyphs each, four methods side by
  /// side.
  public static let defaultYAML = String(decoding: PackageResources.default_yaml, as: UTF8.self)
}
