import Settings

/// Experiments and studies that come with the program: `cluster/` as it was when it was built.
///
/// They are found by name from any folder; a file at that path wins.
public enum Bundled {
  static let experiments: [(name: String, bytes: [UInt8])] = [
    ("babi-joint", PackageResources.babi_joint_yaml),
    ("babi-sequence", PackageResources.babi_sequence_yaml),
    ("default", PackageResources.default_yaml),
    ("nodes-mnist", PackageResources.nodes_mnist_yaml),
    ("permuted-mnist", PackageResources.permuted_mnist_yaml),
    ("rotated-mnist", PackageResources.rotated_mnist_yaml),
    ("split-mnist", PackageResources.split_mnist_yaml),
    ("walk-mnist", PackageResources.walk_mnist_yaml),
  ]

  static let studies: [(name: String, bytes: [UInt8])] = [
    ("codecs", PackageResources.codecs_yaml),
    ("communication", PackageResources.communication_yaml),
    ("consistency", PackageResources.consistency_yaml),
    ("orders", PackageResources.orders_yaml),
    ("penalty-site", PackageResources.penalty_site_yaml),
    ("scp", PackageResources.scp_yaml),
    ("spatial-skew", PackageResources.spatial_skew_yaml),
    ("stage-skew", PackageResources.stage_skew_yaml),
    ("stiffness", PackageResources.stiffness_yaml),
  ]

  /// The text of an experiment: of the file at a path, or else of a bundled one.
  ///
  /// - Throws: ``ConfigurationError`` that lists what is bundled.
  public static func experiment(_ place: String) throws(ConfigurationError) -> String {
    if let text = try TextFile.read(place, kind: "an experiment file") { return text }
    if let text = experiment(named: place) { return text }
    if text(place, among: studies) != nil {
      throw ConfigurationError("\(place) is a bundled study; run it with hebb study \(place)")
    }
    throw unknown(place, "experiment", among: experiments)
  }

  static func experiment(named name: String) -> String? { text(name, among: experiments) }

  /// The text of a study: a file, or a bundled one.
  ///
  /// - Returns: Also whether it is a bundled one.
  static func study(
    _ place: String
  ) throws(ConfigurationError) -> (text: String, isBundled: Bool) {
    if let text = try TextFile.read(place, kind: "a study file") { return (text, false) }
    if let text = text(place, among: studies) { return (text, true) }
    if text(place, among: experiments) != nil {
      throw ConfigurationError(
        "\(place) is a bundled experiment; run it with hebb run \(place)")
    }
    throw unknown(place, "study", among: studies)
  }

  private static func text(
    _ name: String, among documents: [(name: String, bytes: [UInt8])]
  ) -> String? {
    documents.first { $0.name == name || $0.name + ".yaml" == name }
      .map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private static func unknown(
    _ place: String, _ kind: String, among documents: [(name: String, bytes: [UInt8])]
  ) -> ConfigurationError {
    let names = documents.map(\.name)
    let last = place.split(separator: "/").last.map(String.init) ?? place
    let word = last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
    let near = nearest(to: word, among: names).map { "did you mean \"\($0)\"? " } ?? ""
    return ConfigurationError(
      "\(place): there is no such \(kind) file; \(near)bundled are "
        + names.joined(separator: ", "))
  }
}
