/// Tasks one after another, and nothing against forgetting.
public struct Plain: Method {
  /// It has no settings.
  public init() {}
}
