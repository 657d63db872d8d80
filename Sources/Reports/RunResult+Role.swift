extension RunResult {
  /// What a run is for among others.
  public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// It fights forgetting.
    case method
    /// Training as it is, which methods are measured against.
    case plain
    /// All tasks at once: a bound, and what intransigence is measured against.
    case joint
    /// A model for each task: a bound.
    case independent

    /// The role of a run whose file says none: files had names only.
    init(named method: String) {
      self = method == "none" ? .plain : Role(rawValue: method) ?? .method
    }
  }

  /// The title of a run whose file says none.
  static func title(named method: String) -> String {
    let titles = ["none": "Plain", "online ewc": "Online EWC"]
    return titles[method] ?? (method.count <= 3 ? method.uppercased() : method)
  }

  /// Whether it is a bound rather than a method.
  public var isBound: Bool { self.role == .joint || self.role == .independent }
}
