/// A value that somebody chooses by its name and whose stored properties are its settings.
///
/// It becomes a choice by one line in the list of its family: an array of types, which
/// ``Catalog/init(_:)`` makes a catalog of.
public protocol Selectable: Sendable, Hashable {
  /// As it is written in files: `ewc`.
  static var name: String { get }
  /// As this value is written in files; the name of its type if left out.
  var word: String { get }
  /// Its settings, in the order in which they are written.
  static var keys: [Key<Self>] { get }
  /// With its defaults.
  init()
}

extension Selectable {
  /// The name of its type.
  public var word: String { Self.name }
}

/// One of a family of ``Selectable`` values, such as `any Method`: it can be compared, and knows
/// its name.
public struct Chosen<Family: Sendable>: Sendable, Hashable {
  /// What was chosen, with its settings.
  public let value: Family
  private let selectable: any Selectable

  /// - Parameter value: It must be one of the family: whoever builds a catalog checks its types.
  public init<Value: Selectable>(_ value: Value) {
    guard let member = value as? Family else {
      preconditionFailure("\(Value.name) is not one of \(Family.self)")
    }
    self.value = member
    selectable = value
  }

  /// As it is written in files.
  public var name: String { selectable.word }

  /// The value as what it is, if it is that.
  public func value<Value: Selectable>(as type: Value.Type) -> Value? { selectable as? Value }

  /// Equal values of the same type.
  public static func == (left: Chosen, right: Chosen) -> Bool {
    func equals<Value: Selectable>(_ value: Value) -> Bool {
      right.value(as: Value.self) == value
    }
    return equals(left.selectable)
  }

  /// Enters the name and the value.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    selectable.hash(into: &hasher)
  }
}

extension Catalog {
  /// What can be chosen from a family of types.
  ///
  /// - Parameters:
  ///   - types: All of them are of the family.
  ///   - composition: How further kinds are made of them; not at all if left out.
  public init<Family: Sendable>(
    _ types: [any Selectable.Type], composition: Composition? = nil
  ) where Root == Chosen<Family> {
    func kind<Value: Selectable>(_ type: Value.Type) -> Kind<Chosen<Family>> {
      Kind(Value.name, Value(), Value.keys) {
        Chosen($0)
      } take: {
        $0.value(as: Value.self)
      }
    }
    self.init(types.map { kind($0) }, composition: composition)
  }
}
