import Methods
import Settings

extension Experiment {
  /// By method: λ where none is given with it. Importances differ by orders of magnitude between
  /// methods, and so do the strengths that keep something and still let the network learn; every
  /// method has its own, and an experiment may know better.
  public struct Strengths: Sendable, Hashable {
    /// What differs from the methods' own.
    private var given: [String: Double] = [:]

    /// The methods' own.
    public init() {}

    /// By the name of a method; 0 for one without a penalty.
    public subscript(name: String) -> Double {
      get { given[name] ?? Self.own[name] ?? 0 }
      set { given[name] = newValue == Self.own[name] ? nil : newValue }
    }

    /// The methods that have a strength, in the order of their list.
    static let names = Methods.catalog.kinds.filter { $0["lambda"] != nil }.map(\.name)

    private static let own: [String: Double] = {
      var own: [String: Double] = [:]
      for kind in Methods.catalog.kinds {
        var method = Chosen<any Method>(Plain())
        kind.choose(&method)
        own[kind.name] = kind["lambda"].flatMap { Double($0.write(method)) }
      }
      return own
    }()
  }

  /// Gives the method what ``strengths`` has for it, if it has a strength.
  mutating func takeOwnStrength() {
    guard let key = Methods.catalog.kind(of: method.chosen)["lambda"] else { return }
    // Of a combined method's parts one at most has a strength.
    let names = method.name.split(separator: Methods.plus).map(String.init)
    let owner = names.first { Strengths.names.contains($0) } ?? method.name
    let own = Setting(key: key.name, value: .word("\(strengths[owner])"))
    do throws(SettingError) {
      try key.read(&method.chosen, own)
    } catch {
      preconditionFailure("both keys take the same numbers: \(error)")
    }
  }
}
