/// What somebody wrote for a key, as a tree of words: how it was written (YAML, an argument) is
/// known above this room.
public indirect enum SettingValue: Sendable, Hashable {
  /// One word, number or text; empty where nothing was written.
  case word(String)
  case list([SettingValue])
  /// In the order in which it was written.
  case mapping([Entry])

  /// A key of a mapping and its value.
  public struct Entry: Sendable, Hashable {
    public let key: SettingValue
    public let value: SettingValue

    /// - Parameters:
    ///   - key: What stands before the colon.
    ///   - value: What stands behind it.
    public init(key: SettingValue, value: SettingValue) {
      self.key = key
      self.value = value
    }
  }

  /// The word, if it is one.
  public var word: String? {
    if case .word(let word) = self { return word }
    return nil
  }
}

/// What is wrong with a setting: one sentence that names the key and what it takes. Who knows where
/// the setting stands puts that before it.
public struct SettingError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: One sentence.
  public init(_ description: String) { self.description = description }
}
