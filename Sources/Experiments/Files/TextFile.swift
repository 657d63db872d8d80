import Settings

/// A text file as people have them: UTF-8 or UTF-16, with a byte order mark or without, lines that
/// end as they do on any system.
public enum TextFile {
  /// Files that people write have far less.
  static let byteCountMaximum = 4 << 20

  /// The text of a file of any sort: pipes and FIFOs are read to their end.
  ///
  /// - Parameter kind: What the file should be, as `an experiment file`.
  /// - Returns: `nil` when there is nothing at that path.
  /// - Throws: ``ConfigurationError`` for what cannot be read or is no text: one sentence.
  public static func read(_ path: String, kind: String) throws(ConfigurationError) -> String? {
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try FileBytes.load(path, atMost: byteCountMaximum)
    } catch {
      if error == .missing { return nil }
      throw ConfigurationError(error.sentence(path, kind: kind))
    }
    return try text(bytes, named: path)
  }

  /// The text that bytes stand for, without its byte order mark.
  static func text(_ bytes: [UInt8], named file: String) throws(ConfigurationError) -> String {
    func noText(_ line: Int) -> ConfigurationError {
      ConfigurationError(
        "\(file):\(line): this is no text in UTF-8; save the file as UTF-8, or name a text file")
    }
    guard let text = decoded(bytes) else { throw noText(firstBrokenLine(bytes)) }
    var line = 1
    for scalar in text.unicodeScalars {
      if scalar == "\n" { line += 1 }
      // Whoever writes text writes no zeros.
      guard scalar != "\0" else { throw noText(line) }
      guard isPrintable(scalar) else {
        let number = codePoint(scalar)
        throw ConfigurationError(
          "\(file):\(line): the character U+\(number) cannot stand in YAML; remove it, or write it "
            + "in double quotes as \\U\(String(repeating: "0", count: 8 - number.count))\(number)")
      }
    }
    return text
  }

  /// The encoding is told from the first bytes, as YAML 1.2 (5.2) has it: from the byte order mark,
  /// or from the zero that the first letter, which is ASCII, has beside it in UTF-16.
  private static func decoded(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return String(validating: bytes.dropFirst(3), as: UTF8.self)
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), high: 1) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), high: 0) }
    if bytes.count >= 2, bytes[0] != 0, bytes[1] == 0 { return utf16(bytes[...], high: 1) }
    if bytes.count >= 2, bytes[0] == 0, bytes[1] != 0 { return utf16(bytes[...], high: 0) }
    return String(validating: bytes, as: UTF8.self)
  }

  /// - Parameter high: Which byte of a pair is the high one.
  private static func utf16(_ bytes: ArraySlice<UInt8>, high: Int) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { place in
      UInt16(bytes[place + high]) << 8 | UInt16(bytes[place + 1 - high])
    }
    return String(validating: units, as: UTF16.self)
  }

  /// Counted from 1.
  private static func firstBrokenLine(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
  }
}
