/// One setting of a value: how it is read, how it is written, and what it means.
public struct Key<Root>: Sendable {
  /// How a key puts what it has read into its value.
  public typealias Reader = @Sendable (inout Root, Setting) throws(SettingError) -> Void
  /// The value as YAML, on one line.
  public typealias Writer = @Sendable (Root) -> String

  /// `lambda`; in an experiment with its section: `method.lambda`.
  public let name: String
  /// One or two sentences for people.
  public let documentation: String
  public let domain: Domain
  /// Whether a value is meant for the one kind that it is given with, as a strength is: another
  /// kind with a key of this name takes its own default.
  public var isBound = false
  public let read: Reader
  public let write: Writer

  /// - Parameters:
  ///   - name: How it is called among the keys of its value.
  ///   - documentation: What it means.
  ///   - domain: Which values it takes.
  ///   - read: Throws ``SettingError`` for a value that it does not take.
  ///   - write: What `read` makes the same value of.
  public init(
    _ name: String, _ documentation: String, _ domain: Domain, read: @escaping Reader,
    write: @escaping Writer
  ) {
    self.name = name
    self.documentation = documentation
    self.domain = domain
    self.read = read
    self.write = write
  }

  /// A copy, of which each kind has a value of its own (``isBound``).
  public var bound: Key {
    var key = self
    key.isBound = true
    return key
  }

  /// This key as one of a value that has the other one for a part.
  ///
  /// - Parameters:
  ///   - prefix: What comes before its name: `method.`, or nothing.
  ///   - part: Where the part is.
  public func of<Whole>(
    _ part: any WritableKeyPath<Whole, Root> & Sendable, prefix: String = ""
  ) -> Key<Whole> {
    var key = Key<Whole>(prefix + name, documentation, domain) {
      [read] (whole, setting) throws(SettingError) in
      try read(&whole[keyPath: part], setting)
    } write: { [write] in
      write($0[keyPath: part])
    }
    key.isBound = isBound
    return key
  }
}
