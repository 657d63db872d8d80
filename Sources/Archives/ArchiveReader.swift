public import Tensors

/// Why an archive cannot be read: what is wrong, as the end of a sentence that names the file.
public struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: The end of a sentence: `is cut off`.
  public init(_ description: String) { self.description = description }
}

/// Reads what an ``Archive`` was written with, in the same order.
///
/// No size is believed before as many bytes are there; nothing that is read leads to more memory
/// than the bytes have.
public struct ArchiveReader: Sendable {
  private let bytes: [UInt8]
  private var place: Int
  private let end: Int
  /// What was asked for last, for sentences.
  private var name = "the beginning"

  /// - Parameter range: The part of the bytes that is the archive; all of them if left out.
  public init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
    self.bytes = bytes
    place = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
    precondition(place >= 0 && end <= bytes.count, "an archive is a part of its bytes")
  }

  /// Whether nothing is left.
  public var isAtEnd: Bool { place == end }

  /// Bytes that are left.
  var rest: Int { end - place }

  /// An error at the place that is being read.
  public func error(_ problem: String) -> ArchiveError { ArchiveError("\(problem) (at \(name))") }

  // MARK: Values with names

  /// Takes the value that was saved under a name.
  public mutating func take<Value: Storable>(
    _ name: StaticString, as type: Value.Type = Value.self
  ) throws(ArchiveError) -> Value {
    try expect(name: name)
    return try Value(from: &self)
  }

  /// Takes a value that may be missing.
  public mutating func take<Value: Storable>(
    _ name: StaticString, as type: Value?.Type = Value?.self
  ) throws(ArchiveError) -> Value? {
    try expect(name: name)
    return try optional()
  }

  /// Takes a list of values.
  ///
  /// - Parameter count: How many there must be; any number if left out.
  public mutating func take<Value: Storable>(
    _ name: StaticString, as type: [Value].Type = [Value].self, count: Int? = nil
  ) throws(ArchiveError) -> [Value] {
    try expect(name: name)
    return try list(count) { (reader: inout ArchiveReader) throws(ArchiveError) in
      try Value(from: &reader)
    }
  }

  /// Takes a list of values of which some may be missing.
  ///
  /// - Parameter count: How many there must be; any number if left out.
  public mutating func take<Value: Storable>(
    _ name: StaticString, as type: [Value?].Type = [Value?].self, count: Int? = nil
  ) throws(ArchiveError) -> [Value?] {
    try expect(name: name)
    return try list(count) { (reader: inout ArchiveReader) throws(ArchiveError) in
      try reader.optional()
    }
  }

  /// Takes lists of values.
  ///
  /// - Parameter count: How many lists there must be; any number if left out.
  public mutating func take<Value: Storable>(
    _ name: StaticString, as type: [[Value]].Type = [[Value]].self, count: Int? = nil
  ) throws(ArchiveError) -> [[Value]] {
    try expect(name: name)
    return try list(count) { (reader: inout ArchiveReader) throws(ArchiveError) in
      try reader.list(nil) { (reader: inout ArchiveReader) throws(ArchiveError) in
        try Value(from: &reader)
      }
    }
  }

  /// Takes a vector of so many elements.
  public mutating func take(
    _ name: StaticString, count: Int
  ) throws(ArchiveError) -> Vector {
    try expect(name: name)
    return try Vector.read(from: &self, count: count)
  }

  /// Takes what was saved of a state into a fresh one.
  public mutating func take(
    _ name: StaticString, into state: inout some Saved
  ) throws(ArchiveError) {
    try expect(name: name)
    try group { (reader: inout ArchiveReader) throws(ArchiveError) in
      try state.restore(from: &reader)
    }
  }

  /// Takes what was saved of several states into as many fresh ones.
  public mutating func take<State: Saved>(
    _ name: StaticString, into states: inout [State]
  ) throws(ArchiveError) {
    try expect(name: name)
    let fresh = states
    var place = 0
    states = try list(fresh.count) { (reader: inout ArchiveReader) throws(ArchiveError) in
      var state = fresh[place]
      place += 1
      try reader.group { (reader: inout ArchiveReader) throws(ArchiveError) in
        try state.restore(from: &reader)
      }
      return state
    }
  }

  /// Takes values of several fields.
  ///
  /// - Parameter read: Takes the fields of one, by name.
  public mutating func take<Value>(
    each name: StaticString,
    _ read: (inout ArchiveReader) throws(ArchiveError) -> Value
  ) throws(ArchiveError) -> [Value] {
    try expect(name: name)
    return try list(nil) { (reader: inout ArchiveReader) throws(ArchiveError) in
      try reader.group(read)
    }
  }

  /// Takes bytes that were saved as they are.
  public mutating func take(bytes name: StaticString) throws(ArchiveError) -> [UInt8] {
    try expect(name: name)
    try expect(.bytes)
    return Array(try run(count: try count(unit: 1)))
  }

  // MARK: Bytes

  private mutating func expect(name wanted: StaticString) throws(ArchiveError) {
    name = "\(wanted)"
    let length = Int(try byte())
    let found = try run(count: length)
    let isIt = wanted.withUTF8Buffer { found.elementsEqual($0) }
    guard isIt else { throw error("has something else in a place where this was expected") }
  }

  mutating func expect(_ tag: Archive.Tag) throws(ArchiveError) {
    guard try byte() == tag.rawValue else { throw error("holds another kind of value") }
  }

  private mutating func optional<Value: Storable>() throws(ArchiveError) -> Value? {
    guard place < end else { throw error("is cut off") }
    guard bytes[place] == Archive.Tag.nothing.rawValue else { return try Value(from: &self) }
    place += 1
    return nil
  }

  private mutating func list<Value>(
    _ wanted: Int?, _ read: (inout ArchiveReader) throws(ArchiveError) -> Value
  ) throws(ArchiveError) -> [Value] {
    try expect(.list)
    // Every value has a byte at least.
    let count = try count(unit: 1)
    if let wanted, wanted != count {
      throw error("lists \(count) where the plan has \(wanted)")
    }
    var values: [Value] = []
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }

  private mutating func group<Value>(
    _ read: (inout ArchiveReader) throws(ArchiveError) -> Value
  ) throws(ArchiveError) -> Value {
    try expect(.group)
    let value = try read(&self)
    try expect(.end)
    return value
  }

  mutating func byte() throws(ArchiveError) -> UInt8 {
    guard place < end else { throw error("is cut off") }
    defer { place += 1 }
    return bytes[place]
  }

  mutating func word() throws(ArchiveError) -> UInt64 {
    try run(count: 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number of things that follow, of which each has at least so many bytes.
  mutating func count(unit: Int) throws(ArchiveError) -> Int {
    let count = try word()
    guard count <= UInt64((end - place) / unit) else { throw error("is cut off") }
    return Int(count)
  }

  /// The next bytes, as many as are wanted.
  mutating func run(count: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= end - place else { throw error("is cut off") }
    defer { place += count }
    return bytes[place..<place + count]
  }
}
