public import Settings

/// Tasks one after another, and nothing against forgetting.
public struct Plain: Method {
  public static let name = "none"
  public static let keys: [Key<Plain>] = []

  /// It has no settings.
  public init() {}

  /// As plain training.
  public var title: String { "Plain" }
}
