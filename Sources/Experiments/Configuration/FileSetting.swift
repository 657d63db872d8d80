import Settings
import Yams

/// A value that somebody gave for a key, and where.
struct FileSetting {
  let node: Node
  /// `file.yaml:12` or `--set a.b=c`.
  let place: String
  /// `optimizer.rate`.
  let key: String

  /// What was given, without its place.
  var setting: Setting { Setting(key: key, value: SettingValue(node)) }

  func error(_ sentence: String) -> ConfigurationError {
    ConfigurationError("\(place): \(sentence)")
  }

  /// Reads the value; what is wrong with it is said with its place.
  func read<Value>(
    _ reader: (Setting) throws(SettingError) -> Value
  ) throws(ConfigurationError) -> Value {
    do {
      return try reader(setting)
    } catch {
      throw self.error(error.description)
    }
  }

  func text() throws(ConfigurationError) -> String {
    try read { (setting) throws(SettingError) in try setting.text() }
  }

  func seed() throws(ConfigurationError) -> UInt64 {
    try read { (setting) throws(SettingError) in try setting.seed() }
  }

  func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ type: Choice.Type
  ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
    try read { (setting) throws(SettingError) in try setting.choice(type) }
  }
}

extension SettingValue {
  /// - Parameter node: A tree without aliases: who composes it writes them out.
  init(_ node: Node) {
    switch node {
    case .scalar(let scalar): self = .word(scalar.string)
    case .sequence(let items): self = .list(items.map { SettingValue($0) })
    case .mapping(let pairs):
      self = .mapping(pairs.map { Entry(key: SettingValue($0.key), value: SettingValue($0.value)) })
    case .alias: self = .word("")
    }
  }
}
