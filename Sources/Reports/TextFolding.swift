/// Text laid out in the columns of a terminal.
extension Character {
  /// Columns that it takes: East Asian characters and emoji two, a mark without a letter none.
  fileprivate var columnCount: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII { return 1 }
    let properties = first.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isWide = Self.wide.contains { $0.contains(first.value) }
    return isWide || properties.isEmojiPresentation ? 2 : 1
  }

  /// Hangul, CJK and full-width forms.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
    0x20000...0x3FFFD,
  ]
}

extension String {
  /// Columns that it takes on a terminal.
  var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// With spaces behind, up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columnCount))
  }

  /// With spaces before, up to a width.
  func led(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - columnCount)) + self
  }

  /// At most as wide as told, with an ellipsis where something was cut.
  func cut(to width: Int) -> String {
    columnCount <= width ? self : beginning(of: max(0, width - 1)) + "…"
  }

  /// As much of it as fits.
  private func beginning(of width: Int) -> String {
    var room = width
    return String(
      prefix {
        room -= $0.columnCount
        return room >= 0
      })
  }

  /// Without spaces at its end.
  var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }

  /// Lines of at most some columns, at least 2, broken at spaces; inside a word only where that
  /// is longer than a line. What fits is left as it is.
  ///
  /// - Parameter indent: Spaces before all lines but the first.
  func folded(to width: Int, indent: Int = 0) -> [String] {
    guard columnCount > width else { return [self] }
    return Self.lines(
      of: split(separator: " ").map(String.init), width: width, indent: indent)
  }

  /// Pieces side by side in lines of at most some columns. A piece is broken only where it is
  /// longer than a line.
  ///
  /// - Parameters:
  ///   - gap: Between two pieces in a line.
  ///   - indent: Spaces before all lines but the first.
  static func lines(
    of pieces: [String], gap: String = " ", width: Int, indent: Int = 0
  ) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let room = Swift.max(2, width - indent)
    var lines = [""]
    for piece in pieces.flatMap({ $0.chunks(of: room) }) {
      let line = lines[lines.count - 1]
      if line.isEmpty || line == margin {
        lines[lines.count - 1] += piece
      } else if (line + gap + piece).columnCount <= width {
        lines[lines.count - 1] += gap + piece
      } else {
        lines.append(margin + piece)
      }
    }
    return lines
  }

  /// Itself, or pieces of it that are no wider than told.
  private func chunks(of width: Int) -> [String] {
    var (rest, chunks) = (self, [String]())
    while rest.columnCount > width {
      let chunk = rest.beginning(of: width)
      chunks.append(chunk)
      rest.removeFirst(Swift.max(1, chunk.count))
    }
    return chunks + (rest.isEmpty && !chunks.isEmpty ? [] : [rest])
  }

  /// Names of at most some columns. Where their beginnings are the same their ends are kept.
  static func shortened(_ names: [String], to width: Int) -> [String] {
    let cut = names.map { $0.cut(to: width) }
    guard Set(cut).count < Set(names).count else { return cut }
    return names.map { name in
      guard name.columnCount > width else { return name }
      let end = String(name.suffix(Swift.max(1, width / 2)))
      return name.beginning(of: Swift.max(0, width - 1 - end.columnCount)) + "…" + end
    }
  }
}
