public import Models
public import Settings
public import Streams

/// Several methods at once, each of which fills slots that the others leave out: `replay+ewc`.
public struct Combined: Method {
  public static let name = "combined"
  public static let keys: [Key<Combined>] = []

  /// In the order in which they were named.
  private(set) var parts: [Chosen<any Method>] = []

  /// Of nothing; ``kind(named:)`` makes those that are chosen.
  public init() {}

  /// The names of the parts: `replay+ewc`.
  public var word: String {
    parts.isEmpty ? Self.name : parts.map(\.name).joined(separator: String(Methods.plus))
  }

  private func first<Value>(_ slot: (any Method) -> Value?) -> Value? {
    for part in parts { if let value = slot(part.value) { return value } }
    return nil
  }

  /// All have the same one.
  public var schedule: Schedule { parts.first?.value.schedule ?? .sequential }
  /// Of the one part that has one.
  public var penalty: QuadraticPenalty? { first { $0.penalty } }
  /// Of the one part that has one.
  public var memory: MemoryRule? { first { $0.memory } }
  /// Of the one part that has one.
  public var rehearsal: Rehearsal? { first { $0.rehearsal } }
  /// Of the one part that has some.
  public var references: References? { first { $0.references } }
  /// Of the one part that has one.
  public var distillation: Distillation? { first { $0.distillation } }
  /// Of the one part that has some.
  public var teaching: Teaching? { first { $0.teaching } }
  /// Of the one part that has one.
  public var generation: Generation? { first { $0.generation } }
  /// Of the one part that has one.
  public var readout: (any Readout)? { first { $0.readout } }
  /// None: a method that has one goes with no other.
  public var learner: (any LocalRule)? { first { $0.learner } }
  /// The labels of the parts: `replay + ewc`.
  public var label: String { parts.map(\.value.label).joined(separator: " + ") }
  /// The titles of the parts: `Replay + EWC`.
  public var title: String { parts.map(\.value.title).joined(separator: " + ") }
}

extension Combined {
  /// The kind of a name such as `replay+ewc`; `nil` for a name that is not joined.
  ///
  /// - Throws: ``SettingError`` when a part is no method of the list, or two parts do the same.
  static func kind(named name: String) throws(SettingError) -> Kind<Chosen<any Method>>? {
    let names = name.split(separator: Methods.plus, omittingEmptySubsequences: false)
      .map(String.init)
    guard names.count > 1 else { return nil }
    var (combined, kinds): (Combined, [Kind<Chosen<any Method>>]) = (Combined(), [])
    for name in names {
      guard let kind = Methods.catalog.kinds.first(where: { $0.name == name }) else {
        let listed = Methods.catalog.names
        let hint = nearest(to: name, among: listed).map { "; did you mean \"\($0)\"?" } ?? ""
        throw SettingError(
          "method.name combines \(enumeration(names)), but there is no method \"\(name)\"; "
            + "combine some of \(listed.joined(separator: ", "))\(hint)")
      }
      var part = Chosen<any Method>(Plain())
      kind.choose(&part)
      try combined.append(part)
      kinds.append(kind)
    }
    return combined.kind(of: kinds)
  }

  /// - Throws: ``SettingError`` when the part does what an earlier one does.
  private mutating func append(_ part: Chosen<any Method>) throws(SettingError) {
    guard part.value.fightsForgetting, part.value.schedule == .sequential,
      part.value.learner == nil
    else {
      throw SettingError(
        "method.name combines \(part.name) with others, but it is a way to train by itself; drop "
          + "it from the combination")
    }
    for slot in Slot.allCases where slot.isFilled(by: part.value) {
      guard let other = parts.first(where: { slot.isFilled(by: $0.value) }) else { continue }
      throw SettingError(
        "method.name combines \(other.name) and \(part.name), which both \(slot.words); choose "
          + "one of them")
    }
    parts.append(part)
  }

  /// With the keys of all parts.
  private func kind(of kinds: [Kind<Chosen<any Method>>]) -> Kind<Chosen<any Method>> {
    let keys = kinds.enumerated().flatMap { index, kind in
      kind.keys.map { key in key.of(\Combined.parts[index]) }
    }
    return Kind(word, self, keys) {
      Chosen($0)
    } take: { [word] chosen in
      chosen.value(as: Combined.self).flatMap { $0.word == word ? $0 : nil }
    }
  }
}
