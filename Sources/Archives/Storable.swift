public import Tensors

/// A value that is saved as a whole: a number, a text, a vector, or a list of such.
public protocol Storable {
  /// Writes it.
  func store(in archive: inout Archive)
  /// Reads what ``store(in:)`` has written.
  ///
  /// - Throws: ``ArchiveError`` if that is not there.
  init(from reader: inout ArchiveReader) throws(ArchiveError)
}

/// A state of which a part follows from a plan, and the rest is saved.
///
/// A state is restored into a fresh one that was made from the same plan. What is saved, and what
/// follows from the plan, stands beside the stored properties; a test holds both against them, so
/// that none is forgotten.
public protocol Saved {
  /// Names of the stored properties that are not saved: they follow from the plan, or are as in a
  /// fresh state whenever it is saved.
  static var unsaved: [String] { get }
  /// Writes what changes, each property under its own name.
  func save(to archive: inout Archive)
  /// Takes what ``save(to:)`` has written in place of what it has.
  ///
  /// - Throws: ``ArchiveError`` if that is not there or of another plan.
  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError)
}

extension Int: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.integer)
    archive.append(self)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.expect(.integer)
    self = Int(Int64(bitPattern: try reader.word()))
  }
}

extension UInt64: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.word)
    archive.append(self)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.expect(.word)
    self = try reader.word()
  }
}

extension Double: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.double)
    archive.append(bitPattern)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.expect(.double)
    self.init(bitPattern: try reader.word())
  }
}

extension Float: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.float)
    archive.append(UInt64(bitPattern))
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.expect(.float)
    self.init(bitPattern: UInt32(truncatingIfNeeded: try reader.word()))
  }
}

extension Bool: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.flag)
    archive.append(self ? UInt8(1) : 0)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.expect(.flag)
    self = try reader.byte() != 0
  }
}

extension String: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.text)
    archive.append(utf8.count)
    archive.append(utf8)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.expect(.text)
    self.init(decoding: try reader.run(count: try reader.count(unit: 1)), as: UTF8.self)
  }
}

extension VectorView: Storable {
  /// Writes its tag and its bytes.
  public func store(in archive: inout Archive) {
    archive.begin(.floats)
    archive.append(count)
    archive.append(self)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self = try Vector.read(from: &reader).view
  }
}

extension Vector {
  /// Reads a vector's floats. O(count).
  ///
  /// - Parameter count: How many there must be; any number if left out.
  static func read(
    from reader: inout ArchiveReader, count wanted: Int? = nil
  ) throws(ArchiveError) -> Vector {
    try reader.expect(.floats)
    let count = try reader.count(unit: MemoryLayout<Float>.stride)
    if let wanted, wanted != count {
      throw reader.error("holds \(count) floats where the plan has \(wanted)")
    }
    let result = Vector(uninitialized: count)
    let bytes = try reader.run(count: count * MemoryLayout<Float>.stride)
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(result.elements).copyMemory(from: $0) }
    return result
  }
}
