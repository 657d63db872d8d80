public import Tensors

/// What a node saves of its state: named values one after another, written at once and read in the
/// same order by ``ArchiveReader``.
///
/// Floats are held, not copied: their bytes are made by whoever writes them to a file. An archive
/// of immutable vectors is a snapshot that costs no pass over memory.
///
/// A value is a tag of one byte and what the tag says; in a group each has its name before it, a
/// length of one byte and so many bytes of ASCII. All numbers are little-endian.
public struct Archive: Sendable {
  /// What the bytes after it are. Raw values stand in files.
  enum Tag: UInt8 {
    case nothing, integer, word, double, float, flag, text, bytes, floats, list, group, end
  }

  /// A run of its bytes.
  public enum Piece: Sendable {
    case bytes([UInt8])
    case floats(VectorView)
  }

  private var whole: [Piece] = []
  private var tail: [UInt8] = []
  /// Values within which the next one is put.
  private var depth = 0
  /// Names of its own values, not of those within them: what a state has saved.
  public private(set) var names: [String] = []

  /// Nothing is saved yet.
  public init() {}

  /// All bytes in order.
  public var pieces: [Piece] { whole + (tail.isEmpty ? [] : [.bytes(tail)]) }

  /// How many bytes it has.
  public var byteCount: Int {
    pieces.reduce(0) { sum, piece in
      switch piece {
      case .bytes(let bytes): sum + bytes.count
      case .floats(let view): sum + view.byteCount
      }
    }
  }

  /// All bytes in one piece. O(bytes).
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    for piece in pieces {
      switch piece {
      case .bytes(let bytes): result += bytes
      case .floats(let view): result += UnsafeRawBufferPointer(view.elements)
      }
    }
    return result
  }

  // MARK: Values with names

  /// Saves a value under a name.
  ///
  /// - Parameter name: ASCII, at most 255 bytes; the reader asks for the same.
  public mutating func put(_ name: StaticString, _ value: some Storable) {
    put(name: name)
    within { value.store(in: &$0) }
  }

  /// Saves a value that may be missing under a name.
  public mutating func put(_ name: StaticString, _ value: (some Storable)?) {
    put(name: name)
    put(optional: value)
  }

  /// Saves values in order under a name.
  public mutating func put(_ name: StaticString, _ values: [some Storable]) {
    put(list: name, values.count)
    within { for value in values { value.store(in: &$0) } }
  }

  /// Saves values of which some may be missing under a name.
  public mutating func put(_ name: StaticString, _ values: [(some Storable)?]) {
    put(list: name, values.count)
    for value in values { put(optional: value) }
  }

  /// Saves lists of values under a name.
  public mutating func put(_ name: StaticString, _ lists: [[some Storable]]) {
    put(list: name, lists.count)
    for values in lists {
      begin(.list)
      append(values.count)
      within { for value in values { value.store(in: &$0) } }
    }
  }

  /// Saves what changes of a state under a name.
  public mutating func put(_ name: StaticString, state: some Saved) {
    put(name: name)
    group { state.save(to: &$0) }
  }

  /// Saves what changes of several states under a name.
  public mutating func put(_ name: StaticString, states: [some Saved]) {
    put(list: name, states.count)
    for state in states { group { state.save(to: &$0) } }
  }

  /// Saves values of several fields under a name.
  ///
  /// - Parameter write: Saves what the fields of one are, by name.
  public mutating func put<Value>(
    _ name: StaticString, each values: [Value], _ write: (inout Archive, Value) -> Void
  ) {
    put(list: name, values.count)
    for value in values { group { write(&$0, value) } }
  }

  /// Saves bytes as they are under a name.
  public mutating func put(_ name: StaticString, bytes: [UInt8]) {
    put(name: name)
    begin(.bytes)
    append(bytes.count)
    tail += bytes
  }

  /// Adds all that another archive has.
  public mutating func append(_ other: Archive) {
    for piece in other.pieces {
      switch piece {
      case .bytes(let bytes): tail += bytes
      case .floats(let view): append(view)
      }
    }
  }

  // MARK: Bytes

  private mutating func within(_ body: (inout Archive) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  private mutating func group(_ body: (inout Archive) -> Void) {
    begin(.group)
    within(body)
    begin(.end)
  }

  private mutating func put(name: StaticString) {
    precondition(name.utf8CodeUnitCount <= 255, "a name has at most 255 bytes")
    if depth == 0 { names.append("\(name)") }
    tail.append(UInt8(name.utf8CodeUnitCount))
    name.withUTF8Buffer { tail += $0 }
  }

  private mutating func put(list name: StaticString, _ count: Int) {
    put(name: name)
    begin(.list)
    append(count)
  }

  private mutating func put(optional value: (some Storable)?) {
    if let value { within { value.store(in: &$0) } } else { begin(.nothing) }
  }

  mutating func begin(_ tag: Tag) { tail.append(tag.rawValue) }

  mutating func append(_ number: Int) { append(UInt64(bitPattern: Int64(number))) }

  mutating func append(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { tail += $0 }
  }

  mutating func append(_ byte: UInt8) { tail.append(byte) }

  mutating func append(_ text: String.UTF8View) { tail += text }

  mutating func append(_ view: VectorView) {
    guard view.count > 0 else { return }
    if !tail.isEmpty { whole.append(.bytes(tail)) }
    tail = []
    whole.append(.floats(view))
  }
}
