import Streams

/// The symbols that the program draws itself.
struct GlyphData: DataKind {
  let files = ""

  var embedded: [any StoredData] { [Drawn()] }

  func sets(in folder: DataFolder) -> [any StoredData] { [] }

  private struct Drawn: StoredData {
    let name: String? = "glyphs"
    let place = "embedded"
    let flaw: String? = nil

    var size: DataSize {
      .words("\(Glyphs.side)×\(Glyphs.side), \(Glyphs.classCount) classes")
    }

    func load(as name: String) -> DataSet { Glyphs.dataSet() }
  }
}
