/// An array as NumPy writes it: a `.npy` file.
///
/// - Source: NumPy Enhancement Proposal 1 and numpy.lib.format.
public struct NumPyArray: Sendable {
  /// What an element is.
  public enum Element: Sendable, Hashable {
    case unsigned(bytes: Int)
    case signed(bytes: Int)
    case float(bytes: Int)

    var byteCount: Int {
      switch self {
      case .unsigned(let count), .signed(let count), .float(let count): count
      }
    }
  }

  /// Sizes, the outermost first; empty for a single number.
  public let shape: [Int]
  public let element: Element
  /// Elements, row-major.
  public var count: Int { content.count / element.byteCount }
  private let isBigEndian: Bool
  private let content: ArraySlice<UInt8>

  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What it is called, for errors.
  /// - Throws: ``DataError`` for what is no such file, is cut off, or has elements other than
  ///   numbers in C order.
  public init(_ bytes: [UInt8], named name: String) throws(DataError) {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
      throw DataError("\(name) is no NumPy array; write it with numpy.save or numpy.savez")
    }
    // Version 1 counts its header in 16 bits, later ones in 32.
    let width = bytes[6] == 1 ? 2 : 4
    let length = (0..<width).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = 8 + width + length
    guard start <= bytes.count else {
      throw DataError("\(name) ends within its header; write it again")
    }
    let header = String(decoding: bytes[(8 + width)..<start], as: UTF8.self)
    guard let fields = Self.fields(header) else {
      throw DataError(
        "\(name) has a header that is no NumPy array's of numbers; write plain arrays of numbers "
          + "with numpy.savez")
    }
    guard let (element, isBigEndian) = Self.element(fields.type) else {
      throw DataError(
        "\(name) has elements of type \(fields.type); convert it to uint8, int64 or float32 with "
          + "astype")
    }
    guard !fields.isFortran else {
      throw DataError(
        "\(name) is in Fortran order; write numpy.ascontiguousarray of it")
    }
    shape = fields.shape
    self.element = element
    self.isBigEndian = isBigEndian
    var size = element.byteCount
    for side in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: side)
      guard !overflow else {
        throw DataError("\(name) announces \(shape) elements, more than can be; write it again")
      }
      size = product
    }
    guard size == bytes.count - start else {
      throw DataError(
        "\(name) has \(bytes.count - start) bytes of elements where its header announces \(size); "
          + "write it again")
    }
    content = bytes[start...]
  }

  /// An element as a number, which integers above 2⁵³ are rounded for.
  ///
  /// - Parameter index: In `0..<count`, row-major.
  public subscript(index: Int) -> Double {
    let size = element.byteCount
    let start = content.startIndex + index * size
    var bits: UInt64 = 0
    for place in 0..<size {
      bits = bits << 8 | UInt64(content[start + (isBigEndian ? place : size - 1 - place)])
    }
    switch element {
    case .unsigned: return Double(bits)
    case .signed:
      let shift = UInt64(64 - 8 * size)
      return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
    case .float(let bytes):
      return bytes == 4
        ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
    }
  }

  /// The elements as they are, where they are bytes.
  public var bytes: ArraySlice<UInt8>? { element == .unsigned(bytes: 1) ? content : nil }

  // MARK: Header

  /// The three entries of the dictionary that a header is, in whatever order.
  private static func fields(
    _ header: String
  ) -> (type: String, isFortran: Bool, shape: [Int])? {
    guard let type = header.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.output.1,
      let order = header.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.output.1,
      let sizes = header.firstMatch(of: /'shape'\s*:\s*\(([0-9,L\s]*)\)/)?.output.1
    else { return nil }
    let words = sizes.split { !$0.isNumber }
    let shape = words.compactMap { Int($0) }
    return shape.count == words.count ? (String(type), order == "True", shape) : nil
  }

  /// `|u1`, `<i8`, `>f4`.
  private static func element(_ type: String) -> (Element, isBigEndian: Bool)? {
    let kinds: [String: Element] = [
      "b1": .unsigned(bytes: 1), "u1": .unsigned(bytes: 1), "u2": .unsigned(bytes: 2),
      "u4": .unsigned(bytes: 4), "u8": .unsigned(bytes: 8), "i1": .signed(bytes: 1),
      "i2": .signed(bytes: 2), "i4": .signed(bytes: 4), "i8": .signed(bytes: 8),
      "f4": .float(bytes: 4), "f8": .float(bytes: 8),
    ]
    guard let first = type.first, "<>|=".contains(first), let kind = kinds[String(type.dropFirst())]
    else { return nil }
    return (kind, first == ">")
  }
}
