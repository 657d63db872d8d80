/// How figures and tables name a key: by the symbol that papers use, where there is one.
struct KeySymbol {
  /// In tables, beside values.
  let short: String
  /// Along an axis.
  let title: String

  /// - Parameter key: A key of the experiment, or `variant`.
  init(_ key: String) {
    let known = Self.known[key]
    short = known?.short ?? Self.lastPart(key)
    title = known?.title ?? Self.lastPart(key).replacing("-", with: " ")
  }

  private static let known: [String: (short: String, title: String)] = [
    "method.lambda": ("λ", "penalty strength λ"),
    "method.decay": ("γ", "decay of earlier importance γ"),
    "method.damping": ("ξ", "damping ξ"),
    "placement.beta": ("β", "Dirichlet concentration β"),
    "placement.alpha": ("α", "Dirichlet concentration α"),
    "placement.sigma": ("σ", "feature noise σ"),
    "cluster.local-steps": ("H", "local steps H"),
    "cluster.staleness-bound": ("bound", "staleness bound"),
    "optimizer.rate": ("rate", "learning rate η"),
    "optimizer.momentum": ("momentum", "momentum μ"),
    "optimizer.epsilon": ("ε", "ε"),
    "optimizer.beta1": ("β₁", "β₁"),
    "optimizer.beta2": ("β₂", "β₂"),
    "communication.push-density": ("push density", "density of pushes"),
    "communication.pull-density": ("pull density", "density of answers"),
    "arrival.order": ("order", "order of arrival"),
    "arrival.onset": ("onset", "onset of tasks"),
    "arrival.rate": ("arrival rate", "rate of arrival"),
    "batch": ("batch", "batch size"),
  ]

  /// The telling part of a key: `tasks` of `stream.tasks`, `method` of `method.name`.
  private static func lastPart(_ key: String) -> String {
    let parts = key.split(separator: ".").map(String.init)
    guard parts.count == 2 else { return key }
    return ["name", "kind", "form", "set"].contains(parts[1]) ? parts[0] : parts[1]
  }
}
