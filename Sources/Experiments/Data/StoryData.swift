import Foundation
import Streams

/// Data sets of questions about stories: a file of stories for training and one for testing for
/// each section, as the bAbI tasks come (`qa1_single-supporting-fact_train.txt`, …).
///
/// A folder that has such files in folders of languages, as the bAbI archive does, has a set for
/// each: that of `en` is called as the folder, that of `hn` as the folder with `-hn`.
struct StoryData: DataKind {
  let files = "stories with questions (qa1_…_train.txt, qa1_…_test.txt, …)"

  var embedded: [any StoredData] { [Told()] }

  func sets(in folder: DataFolder) -> [any StoredData] {
    if let own = StoryFiles(folder, name: nil, parts: []) { return [own] }
    return folder.folders.compactMap { name in
      guard let inner = try? folder.inner(name) else { return nil }
      return StoryFiles(inner, name: name == "en" ? nil : "\(folder.name)-\(name)", parts: [name])
    }
  }

  /// The stories that the program tells itself.
  private struct Told: StoredData {
    let name: String? = "stories"
    let place = "embedded"
    let flaw: String? = nil
    let size = DataSize.words("questions in 3 sections")

    func load(as name: String) -> DataSet { Stories.dataSet() }
  }
}

/// The files of one data set.
private struct StoryFiles: StoredData {
  /// The two files of a section, as far as they are there.
  private struct Pair {
    var title = ""
    var train: String?
    var test: String?
  }

  let name: String?
  let place: String
  let parts: Set<String>
  /// By number.
  private var pairs: [Int: Pair] = [:]

  /// - Returns: `nil` for a folder without any such file.
  init?(_ folder: DataFolder, name: String?, parts: Set<String>) {
    self.name = name
    self.parts = parts
    place = folder.path
    for file in folder.files {
      guard let match = file.wholeMatch(of: /qa([0-9]{1,6})_(?:(.*)_)?(train|test)\.txt/),
        let number = Int(match.1)
      else { continue }
      var pair = pairs[number] ?? Pair()
      pair.title = match.2.map(String.init) ?? "qa\(number)"
      if match.3 == "train" { pair.train = file } else { pair.test = file }
      pairs[number] = pair
    }
    if pairs.isEmpty { return nil }
  }

  var size: DataSize {
    .bytes(
      DataFolder.byteCount(
        of: pairs.values.flatMap { [$0.train, $0.test] }.compactMap { $0 }.map { "\(place)/\($0)" })
    )
  }

  var flaw: String? {
    let missing = pairs.sorted { $0.key < $1.key }.flatMap { number, pair in
      (pair.train == nil ? ["qa\(number)_…_train.txt"] : [])
        + (pair.test == nil ? ["qa\(number)_…_test.txt"] : [])
    }
    return missing.isEmpty ? nil : "missing \(missing.joined(separator: ", "))"
  }

  func load(as name: String) throws(DataError) -> DataSet {
    if let flaw {
      throw DataError("\(place): \(flaw); a section has stories for training and for testing")
    }
    var sections: [DataSet.QuestionSection] = []
    for (number, pair) in pairs.sorted(by: { $0.key < $1.key }) {
      guard let train = pair.train, let test = pair.test else { continue }
      sections.append(
        DataSet.QuestionSection(
          DataSet.Section(number: number, name: "qa\(number)", title: pair.title),
          train: try story(train), test: try story(test)))
    }
    return try DataSet(name: name, questions: sections, readingFactor: 1)
  }

  private func story(_ file: String) throws(DataError) -> StoryText {
    let path = "\(place)/\(file)"
    let bytes = try DataFolder.bytes(of: path, kind: "a text of stories")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError("\(path) is no text in UTF-8; take the file from where it came once more")
    }
    return try StoryText(text, file: path)
  }
}
